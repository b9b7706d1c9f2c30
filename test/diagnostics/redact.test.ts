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

  it('takes no more than linear time for a text that is made against it', () => {
    const hostile = `${'://'.repeat(20_000)}${'?a'.repeat(20_000)}`;
    expect(redactUrls(hostile)).toBe(hostile);
  });
});

describe('redactHeader', () => {
  it.each(['Authorization', 'proxy-authorization', 'Cookie', 'SET-COOKIE', 'X-Api-Key', 'X-Auth-Token', 'Session-Id'])(
    'hides %s',
    (name) => {
      expect(isSecretHeader(name)).toBe(true);
      expect(redactHeader(name, 'secret')).toBe('***');
    },
  );

  it.each(['Accept', 'Content-Type', 'ETag', 'Sec-WebSocket-Key', 'WWW-Authenticate'])('shows %s', (name) => {
    expect(redactHeader(name, 'value')).toBe('value');
  });

  it('looks into URLs', () => {
    expect(redactHeader('Location', 'http://a:b@c/?code=1')).toBe('http://***@c/?code=***');
  });
});

describe('redactBody', () => {
  it('hides the secret fields of forms', () => {
    expect(redactBody('user=a&password=b&x=1', 'application/x-www-form-urlencoded')).toBe('user=a&password=***&x=1');
    expect(redactBody('password=b', 'application/x-www-form-urlencoded; charset=utf-8')).toBe('password=***');
  });

  it('hides the secret fields of JSON, at any depth, and leaves other JSON as it was written', () => {
    const body = '{"user":{"password":"b","tokens":[1,2],"jwt":null},"id":5}';
    expect(JSON.parse(redactBody(body, 'application/json'))).toEqual({
      user: { password: '***', tokens: '***', jwt: null },
      id: 5,
    });
    expect(redactBody('{ "id" : 5 }', 'application/problem+json')).toBe('{ "id" : 5 }');
    expect(redactBody('{"token": cut off', 'application/json')).toBe('{"token": cut off');
  });

  it('hides only URLs in other texts', () => {
    expect(redactBody('password=b, http://a:b@c/', 'text/plain')).toBe('password=b, http://***@c/');
  });
});
