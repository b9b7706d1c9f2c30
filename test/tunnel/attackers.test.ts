// Scripts, proxies, networks and environments that want a user's identity, or more than they should get.
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AuthScheme } from '../../lib/auth/auth-types.ts';
import type { TokenSource } from '../../lib/auth/token-source.ts';
import { ResponseHead } from '../../lib/http1/response-head.ts';
import { makeResolution, markRoute } from '../../lib/proxy/resolution.ts';
import { parseProxy } from '../../lib/proxy/route-text.ts';
import type { ProxyOption } from '../../lib/proxy/types.ts';
import { Network } from '../../lib/tunnel/network.ts';
import type { NetworkOptions } from '../../lib/tunnel/network-options.ts';
import { RawServer } from '../helpers/http-raw-server.ts';
import { SocksProxy } from '../helpers/socks-proxy.ts';
import { challenge, TunnelProxy } from '../helpers/tunnel-proxy.ts';
import { failureOf } from './failure-of.ts';
import { TestTokens } from './test-tokens.ts';

const tunnel = { form: 'tunnel' } as const;
const secure = new URL('https://server.example/');
const networks: Network[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const network of networks.splice(0)) network.destroy();
});

function networkBy(proxy: ProxyOption, options: NetworkOptions = {}, tokens?: TokenSource): Network {
  const network = new Network({ backend: 'portable', ...options, proxy }, 'direct', tokens);
  networks.push(network);
  return network;
}

describe('a rogue script', () => {
  const script = (body: string): ProxyOption => ({
    pac: `data:,${encodeURIComponent(`function FindProxyForURL(url, host) { ${body} }`)}`,
  });
  const answering = (answer: string): ProxyOption => script(`return ${JSON.stringify(answer)}`);

  it('that names 10,000 proxies has 20 of them tried, and the error names no more', async () => {
    await using closing = await TunnelProxy.start('');
    const network = networkBy(answering(`${`PROXY ${closing.place};`.repeat(10_000)} DIRECT`));
    const error = await failureOf(network.open(secure, tunnel));
    expect(error).toMatchObject({ code: 'ERR_WINWIRE_PROXY_CONNECT' });
    expect(closing.connections).toBe(20);
    expect(error.message.length).toBeLessThan(8_000);
  });

  it.each([
    ['line breaks', (place: string) => `PROXY ${place}\r\nX-Evil: 1`],
    ['a line break in a name', (place: string) => `PROXY a\r\nX-Evil: 1:${place}`],
    ['a user and a password', (place: string) => `PROXY user:secret-7@${place}`],
    ['a URL', (place: string) => `PROXY http://${place}`],
    ['the port 0', () => 'PROXY 127.0.0.1:0'],
    ['the port 65536', () => 'PROXY 127.0.0.1:65536'],
    ['another zone', () => 'PROXY [fe80::1%x y]:1'],
  ])('that names a proxy with %s has it ignored', async (_what, entryFor) => {
    await using evil = await TunnelProxy.start(challenge('Basic realm="a"'));
    await using server = await RawServer.answering('');
    await using proxy = await TunnelProxy.start();
    const network = networkBy(answering(`${entryFor(evil.place)}; PROXY ${proxy.place}`));
    (await network.open(new URL(`ws://server.example:${server.port}/`), tunnel)).destroy();
    expect(evil.connections).toBe(0);
    expect(proxy.heads).toEqual([expect.stringMatching(/^CONNECT server\.example:\d+ HTTP\/1\.1\r\n/)]);
    expect(proxy.heads[0]).not.toMatch(/evil|secret|authorization/i);
  });

  it('that names only such proxies is direct, and nothing shows the password', async () => {
    await using server = await RawServer.answering('');
    const network = networkBy(answering('PROXY user:secret-7@127.0.0.1:1'));
    const connection = await network.open(new URL(`http://127.0.0.2:${server.port}/`), tunnel).catch((error) => error);
    expect(inspect(connection, { depth: 6 })).not.toContain('secret-7');
  });

  it('that names SOCKS proxies gets no identity there, and a refusal of one is final', async () => {
    await using refusing = await SocksProxy.start({ bytes: Buffer.from([5, 0xff]) });
    await using next = await TunnelProxy.start();
    const tokens = new TestTokens();
    const options = { proxyCredentials: 'default' } as const;
    const network = networkBy(answering(`SOCKS5 ${refusing.place}; PROXY ${next.place}; DIRECT`), options, tokens);
    await failureOf(network.open(secure, tunnel));
    expect([next.connections, tokens.requests.length]).toEqual([0, 0]);
  });

  it('that names the server itself, or another site, sends that one no identity', async () => {
    await using site = await RawServer.start((socket) =>
      socket.write('HTTP/1.1 407 Who\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\n\r\n'),
    );
    const tokens = new TestTokens();
    const network = networkBy(answering(`PROXY 127.0.0.1:${site.port}`), {}, tokens);
    const error = await failureOf(network.open(new URL(`https://site.example:${site.port}/`), tunnel));
    expect(error).toMatchObject({ cause: { code: 'ERR_WINWIRE_AUTH_NO_CREDENTIALS' } });
    expect(tokens.requests).toEqual([]);
    expect(site.heads.join('')).not.toMatch(/authorization/i);
  });

  it.each([
    ['an object', 'return { toString: function () { return "PROXY a:1" } }'],
    ['a number', 'return 5'],
    ['16 MiB', 'return new Array(1 << 24).join("PROXY a:1;")'],
  ])('that answers %s does not name a proxy', async (_what, body) => {
    await using server = await RawServer.answering('');
    vi.stubEnv('NO_PROXY', undefined);
    const connection = await networkBy(script(body)).open(new URL(`http://localhost.localdomain:${server.port}/`), {
      form: 'tunnel',
      tcp: { lookup: (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]) },
    });
    expect(connection.route).toEqual({ kind: 'direct' });
    connection.destroy();
  });

  it.each([
    { kind: 'http', host: 'a\r\nX: y', port: 1 },
    { kind: 'http', host: 'u:p@a', port: 1 },
    { kind: 'http', host: 'a', port: 65_536 },
    { kind: 'http', host: 'a', port: 0 },
    { kind: 'http', host: 'a', port: 1.5 },
    { kind: 'ftp', host: 'a', port: 1 },
  ])('in place of a function: %j is rejected', async (route) => {
    const network = networkBy(() => makeResolution({ ...NAMED, routes: [route as never] }));
    expect(await failureOf(network.open(secure, tunnel))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });
});

const NAMED = { source: 'user', by: 'static', warnings: [] } as const;

/** The resolution of a proxy that the machine's settings or WPAD have named. */
const named = (place: string, namedBy: 'settings' | 'wpad'): ProxyOption => {
  const parsed = parseProxy(place);
  if (!parsed) throw new Error(place);
  const route = markRoute(parsed, namedBy);
  return () => makeResolution({ ...NAMED, by: namedBy === 'wpad' ? 'wpad' : 'static', routes: [route] });
};

const NTLM = Buffer.from('NTLMSSP\0\x01\0\0\0', 'latin1');
const SPNEGO_OF_NTLM = Buffer.concat([Buffer.from('6006060a2b06010401823702020a0000', 'hex'), NTLM]);

/** A mechanism that makes the same token for each package. */
class OneToken implements TokenSource {
  readonly packages: AuthScheme[] = [];
  readonly #token: Buffer;

  constructor(token: Buffer) {
    this.#token = token;
  }

  async open({ package: name }: Parameters<TokenSource['open']>[0]) {
    this.packages.push(name);
    return { identity: 'alice', step: async () => ({ token: this.#token, done: false }), close: () => {} };
  }

  async identity(): Promise<string> {
    return 'alice';
  }
}

describe('a proxy that WPAD has found', () => {
  const asked: readonly (readonly string[])[] = [['NTLM'], ['Negotiate'], ['Negotiate', 'NTLM'], ['Basic realm="a"']];

  it.each(asked)('and that asks for %s gets nothing', async (...schemes) => {
    await using proxy = await TunnelProxy.start(challenge(...schemes));
    const tokens = new OneToken(NTLM);
    await failureOf(networkBy(named(proxy.place, 'wpad'), {}, tokens).open(secure, tunnel));
    expect([proxy.heads.length, tokens.packages]).toEqual([1, []]);
    expect(proxy.heads[0]).not.toMatch(/authorization/i);
  });

  const forms = [
    ['plain', NTLM],
    ['in SPNEGO', SPNEGO_OF_NTLM],
  ] as const;
  const all = asked.flatMap((schemes) => forms.map(([form, token]) => [schemes.join(), form, schemes, token] as const));

  it.each(all)(
    'and that asks for %s gets no NTLM (%s), even where it may get the logged-on user',
    async (_schemes, _form, schemes, token) => {
      for (const url of [secure, new URL('http://server.example/')]) {
        await using proxy = await TunnelProxy.start(challenge(...schemes));
        const tokens = new OneToken(token);
        const network = networkBy(named(proxy.place, 'wpad'), { proxyCredentials: 'default' }, tokens);
        if (url === secure) await failureOf(network.open(url, tunnel));
        else {
          const connection = await network.open(url, { form: 'requests' });
          const fields = schemes.flatMap((one) => ['Proxy-Authenticate', one]);
          await connection.accept(new ResponseHead(407, 'Who', [...fields, 'Content-Length', '0']));
          expect(await connection.authorization({ method: 'GET', target: url.href })).toEqual({});
          connection.destroy();
        }
        expect(tokens.packages).not.toContain('NTLM');
        expect(tokens.packages).not.toContain('Negotiate');
        expect(proxy.heads.join('')).not.toMatch(/authorization/i);
      }
    },
  );
});

describe('a proxy of the settings that offers only Basic in plain text', () => {
  it('gets nothing of the logged-on user', async () => {
    await using proxy = await TunnelProxy.start(challenge('Basic realm="a"'));
    const tokens = new TestTokens();
    const error = await failureOf(networkBy(named(proxy.place, 'settings'), {}, tokens).open(secure, tunnel));
    expect(error).toMatchObject({ schemes: ['Basic'], cause: { code: 'ERR_WINWIRE_AUTH_NO_SCHEME' } });
    expect([proxy.heads.length, tokens.requests]).toEqual([1, []]);
    expect(proxy.heads[0]).not.toMatch(/authorization|alice/i);
  });

  it('gets nothing after it has rejected a token', async () => {
    await using proxy = await TunnelProxy.start((_head, count) =>
      challenge(count === 1 ? 'NTLM' : 'Basic realm="DOMAIN\\alice"'),
    );
    const options = { proxyCredentials: { username: 'alice', password: 'secret-8' } };
    // Another machine than this one, by its name.
    const other = named(`127-0-0-1.example:${proxy.place.split(':')[1]}`, 'settings');
    const lookup = (_host: string, _options: unknown, callback: (error: null, found: object[]) => void) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    const network = networkBy(other, options, new TestTokens());
    await failureOf(network.open(secure, { ...tunnel, tcp: { lookup: lookup as never } }));
    expect(proxy.heads.length).toBeGreaterThan(1);
    expect(proxy.heads.join('')).not.toMatch(/authorization: basic/i);
  });
});

describe('an environment', () => {
  const setEnvironment = (values: Readonly<Record<string, string>>) => {
    for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
  };

  it("of a CGI program names no proxy by a request's header", async () => {
    await using evil = await TunnelProxy.start();
    await using server = await RawServer.answering('');
    setEnvironment({ REQUEST_METHOD: 'GET', HTTP_PROXY: `http://${evil.place}` });
    const connection = await networkBy('environment').open(new URL(server.url()), { form: 'requests' });
    expect(connection.route).toEqual({ kind: 'direct' });
    connection.destroy();
    expect(evil.connections).toBe(0);
  });

  it.each([
    ['garbage', () => '::::'],
    ['line breaks', (place: string) => `http://${place}\r\nX-Evil: 1`],
    ['line breaks in the user', (place: string) => `http://u\r\nX-Evil: 1:p@${place}`],
    ['encoded line breaks in the user', (place: string) => `http://u%0D%0AX-Evil:1@${place}`],
    ['an encoded NUL in the password', (place: string) => `http://u:%00@${place}`],
    ['another scheme', (place: string) => `javascript://${place}`],
    ['a port beyond the last', (place: string) => `http://u:secret-9@${place}0000`],
    ['100 KB', (place: string) => `http://${'a'.repeat(100_000)}.${place}`],
  ])('with %s is ignored, and sends nothing', async (_what, valueFor) => {
    await using proxy = await TunnelProxy.start((_head, count) =>
      count === 1 ? challenge('Digest realm="a", nonce="n", qop="auth"') : undefined,
    );
    await using server = await RawServer.answering('');
    setEnvironment({ HTTP_PROXY: valueFor(proxy.place), HTTPS_PROXY: valueFor(proxy.place) });
    const connection = await networkBy('environment').open(new URL(server.url()), { form: 'requests' });
    expect(connection.route).toEqual({ kind: 'direct' });
    connection.destroy();
    expect(proxy.connections).toBe(0);
  });

  it('sends the user of its proxy to no other one, and errors do not show him', async () => {
    await using other = await TunnelProxy.start(challenge('Basic realm="a"'));
    await using own = await TunnelProxy.start(challenge('Basic realm="a"'));
    setEnvironment({ HTTPS_PROXY: `http://alice:secret-9@${own.place}`, HTTP_PROXY: `http://${other.place}` });
    const network = networkBy('environment');
    const texts = [];
    for (const url of ['https://server.example/', 'ws://server.example/']) {
      texts.push(inspect(await failureOf(network.open(new URL(url), tunnel)), { depth: 9, showHidden: true }));
    }
    expect(texts.join('')).not.toMatch(/secret-9|alice|YWxpY2U6/);
    expect(own.heads.join('')).toMatch(/^Proxy-Authorization: Basic/im);
    expect(other.heads.join('')).not.toMatch(/authorization/i);
  });
});
