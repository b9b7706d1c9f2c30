import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecretHeader, redactBody, redactHeader, redactUrls } from '../../lib/diagnostics/redact.ts';

describe('redactUrls', () => {
  it.each([
    ['http://user:secret@host/path', 'http://***@host/path'],
    ['http://us%65r@host', 'http://***@host'],
    ['http://user:p@ss:w@rd@host/@keep', 'http://***@host/@keep'],
    ['http:\\\\user:secret@host', 'http:\\\\***@host'],
    ['http:user:secret@host', 'http:***@host'],
    ['https://host/?token=secret&page=2', 'https://host/?token=***&page=2'],
    ['https://host/?a=1&X-Amz-Signature=secret', 'https://host/?a=1&X-Amz-Signature=***'],
    ['https://host/?%74oken=secret', 'https://host/?%74oken=***'],
    ['https://host/?tok%=1&pass=secret', 'https://host/?tok%=1&pass=***'],
    ['https://host/cb#access_token=secret&state=x', 'https://host/cb#access_token=***&state=x'],
    ['failed: http://a:secret@b/ and ftp://c:secret@d/', 'failed: http://***@b/ and ftp://***@d/'],
    ['https://host/?author=Ann&passage=3&keyboard=x', 'https://host/?author=Ann&passage=3&keyboard=x'],
    ['mail user@host or visit http://host/', 'mail user@host or visit http://host/'],
    ['', ''],
  ])('%j becomes %j', (url, expected) => {
    expect(redactUrls(url)).toBe(expected);
  });

  it('takes linear time for any text', () => {
    const hostile = `${'://'.repeat(20_000)}${'?a'.repeat(20_000)}`;
    expect(redactUrls(hostile)).toBe(hostile);
  });
});

describe('redactHeader', () => {
  it.each([
    ['Negotiate YIIabc+/==', 'Negotiate ***'],
    ['NTLM TlRMTVNTUAACAAAA, Basic realm="a"', 'NTLM ***, Basic realm="a"'],
    ['negotiate, ntlm, Digest realm="a", nonce="b"', 'negotiate, ntlm, Digest realm="a", nonce="b"'],
  ])('hides the token of the challenge %j', (value, expected) => {
    expect(redactHeader('WWW-Authenticate', value)).toBe(expected);
    expect(redactHeader('proxy-authenticate', value)).toBe(expected);
  });

  it.each([
    'Authorization',
    'proxy-authorization',
    'Authentication-Info',
    'Proxy-Authentication-Info',
    'Cookie',
    'SET-COOKIE',
    'X-Api-Key',
    'X-Auth-Token',
    'Session-Id',
  ])('hides %s', (name) => {
    expect(isSecretHeader(name)).toBe(true);
    expect(redactHeader(name, 'secret')).toBe('***');
  });

  it.each(['Accept', 'Content-Type', 'ETag', 'Sec-WebSocket-Key', 'WWW-Authenticate'])('shows %s', (name) => {
    expect(redactHeader(name, 'value')).toBe('value');
  });

  it('redacts URLs', () => {
    expect(redactHeader('Location', 'http://a:b@c/?code=1')).toBe('http://***@c/?code=***');
  });
});

describe('redactBody', () => {
  it('hides the secret fields of forms', () => {
    expect(redactBody('user=a&password=b&x=1', 'application/x-www-form-urlencoded')).toBe('user=a&password=***&x=1');
    expect(redactBody('password=b', 'application/x-www-form-urlencoded; charset=utf-8')).toBe('password=***');
  });

  it('hides the secret fields of JSON at any depth, and keeps other JSON unchanged', () => {
    const body = '{"user":{"password":"b","tokens":[1,2],"jwt":null},"id":5}';
    expect(JSON.parse(redactBody(body, 'application/json'))).toEqual({
      user: { password: '***', tokens: '***', jwt: null },
      id: 5,
    });
    expect(redactBody('{ "id" : 5 }', 'application/problem+json')).toBe('{ "id" : 5 }');
    expect(redactBody('{"token": cut off', 'application/json')).toBe('{"token": cut off');
  });

  it('hides secrets in the URLs of JSON that has a secret field too', () => {
    const body = { token: 'a', url: 'http://user:b@host/', links: [{ href: 'https://host/?api_key=c&page=2' }] };
    expect(JSON.parse(redactBody(JSON.stringify(body), 'application/json'))).toEqual({
      token: '***',
      url: 'http://***@host/',
      links: [{ href: 'https://host/?api_key=***&page=2' }],
    });
  });

  it('keeps JSON valid if its URLs contain secrets', () => {
    const body = '{"next":"https://host/?token=a","page":{"count":2}}';
    expect(JSON.parse(redactBody(body, 'application/json'))).toEqual({
      next: 'https://host/?token=***',
      page: { count: 2 },
    });
  });

  it('hides only URLs in other texts', () => {
    expect(redactBody('password=b, http://a:b@c/', 'text/plain')).toBe('password=b, http://***@c/');
  });
});

describe('redacted text', () => {
  const secret = fc.string({ unit: fc.constantFrom(...'SECRET0123456789'), minLength: 8, maxLength: 12 });
  const plain = fc.string({ unit: fc.constantFrom(...'abcxyz-._~'), minLength: 1, maxLength: 8 });
  const secretName = fc.constantFrom('token', 'access_token', 'api-key', 'password', 'Signature', 'sid', 'pass%77ord');
  const query = fc.array(fc.oneof(fc.tuple(secretName, secret), fc.tuple(plain, plain)), { maxLength: 4 });
  const url = fc
    .tuple(fc.constantFrom('http', 'https', 'ws', 'wss', 'ftp'), fc.option(secret), plain, query)
    .map(([scheme, user, host, fields]) => {
      const search = fields.map(([name, value]) => `${name}=${value}`).join('&');
      return `${scheme}://${user === null ? '' : `user:${user}@`}${host}.test/path?${search}`;
    });

  it('contains no secret, and is not changed by a second redaction', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(url, plain)), (words) => {
        const redacted = redactUrls(words.join(' '));
        expect(redacted).not.toMatch(/[A-Z0-9]{8}/);
        expect(redactUrls(redacted)).toBe(redacted);
      }),
    );
  });

  it('is JSON with the same values except secrets', () => {
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        url,
        plain,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(plain, secretName), tie('tree'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.oneof(fc.array(tree), fc.dictionary(plain, tree)), (body) => {
        const text = JSON.stringify(body);
        const redacted = redactBody(text, 'application/json');
        expect(redacted).not.toMatch(/[A-Z]{8}/);
        expect(Object.keys(JSON.parse(redacted))).toEqual(Object.keys(JSON.parse(text)));
        if (!/token|key|pass|Sig|sid|user/.test(text)) expect(redacted).toBe(text);
      }),
    );
  });
});
