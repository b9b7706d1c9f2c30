// Requests of http: through the forwarder: fields, bodies, connections, failures.
import type { Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { createForwarder } from '../../lib/forwarder/create-forwarder.ts';
import type { ForwardedRequest, ForwarderInit } from '../../lib/forwarder/forwarder-types.ts';
import { TestProxy } from '../helpers/http-proxy.ts';
import { HttpServer, headerOf } from '../helpers/http-server.ts';
import { RawOrigin } from './origin.ts';
import { answerTo, authorizationOf, RawClient } from './raw-client.ts';
import { expectPaused, expectRest, RelaySockets } from './relay-sockets.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

async function start(init: ForwarderInit = {}) {
  const log: ForwardedRequest[] = [];
  const onRequest = (request: ForwardedRequest) => void log.push(request);
  const forwarder = await createForwarder({ proxy: 'direct', backend: 'portable', onRequest, ...init });
  const auth = init.password === false ? '' : `Proxy-Authorization: ${authorizationOf(forwarder.url)}\r\n`;
  /** A request with the password. */
  const request = (place: string, more = '', { method = 'GET', path = '/', body = '' } = {}) =>
    `${method} http://${place}${path} HTTP/1.1\r\nHost: ${place}\r\n${auth}${more}\r\n${body}`;
  return { forwarder, log, request, [Symbol.asyncDispose]: () => forwarder.close() };
}

describe('fields', () => {
  it('drops those of one connection, both ways, and adds Via', async () => {
    const heads: string[] = [];
    const fields = ['Connection: X-Hop, keep-alive', 'X-Hop: 1', 'Keep-Alive: timeout=1', 'Proxy-Authenticate: Basic'];
    const answer = `HTTP/1.1 200 Fine\r\n${fields.join('\r\n')}\r\nX-Kept: 1\r\nVia: 1.1 other\r\nContent-Length: 0\r\n\r\n`;
    await using origin = await RawOrigin.answering(() => answer, heads);
    await using run = await start();
    const more = ['TE: trailers', 'Connection: close, X-Own, Host', 'X-Own: 1', 'Proxy-Connection: keep-alive'];
    const received = await answerTo(
      run.forwarder.port,
      run.request(origin.place, `${more.join('\r\n')}\r\nX-End: 1\r\nVia: 1.0 first\r\n`, { path: '/a?b=%20' }),
    );
    expect(heads[0]?.replace(/winwire-\w+/, 'ME')).toBe(
      [
        `GET /a?b=%20 HTTP/1.1`,
        `Host: ${origin.place}`,
        'X-End: 1',
        'Via: 1.0 first, 1.1 ME',
        'Connection: keep-alive',
        '',
        '',
      ].join('\r\n'),
    );
    expect(received.replace(/winwire-\w+/, 'ME')).toBe(
      [
        'HTTP/1.1 200 Fine',
        'X-Kept: 1',
        'Via: 1.1 other, 1.1 ME',
        'Content-Length: 0',
        'Connection: close',
        '',
        '',
      ].join('\r\n'),
    );
  });

  it.each([
    ['direct', 'NTLM', true],
    ['direct', 'Basic realm="x"', false],
    ['proxy', 'Negotiate', false],
    ['proxy', 'Negotiate\r\nProxy-Support: Session-Based-Authentication', true],
  ])('tells a client whether its connection can be authenticated: %s, %s', async (way, challenge, isShown) => {
    const answer = `HTTP/1.1 401 Who\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`;
    await using peer = await RawOrigin.answering(() => answer);
    await using run = await start({
      proxy: way === 'direct' ? 'direct' : { proxy: peer.place, bypass: ['<-loopback>'] },
    });
    const received = await answerTo(run.forwarder.port, run.request(peer.place, 'Connection: close\r\n'));
    expect(received).toMatch(/^HTTP\/1\.1 401 Who\r\nWWW-Authenticate: /);
    expect(/\r\nProxy-Support: Session-Based-Authentication\r\n/.test(received)).toBe(isShown);
  });

  it('never passes the password on, also through a proxy', async () => {
    const heads: string[] = [];
    await using proxy = await RawOrigin.answering(() => OK, heads);
    await using run = await start({ proxy: { proxy: proxy.place } });
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request('a.example'));
    await client.receives(/ok$/);
    expect(heads[0]).toMatch(/^GET http:\/\/a\.example\/ HTTP\/1\.1\r\nHost: a\.example\r\n/);
    expect(heads[0]).not.toMatch(/authorization/i);
    expect(run.log).toMatchObject([{ status: 200, route: `PROXY ${proxy.place}`, origin: 'http://a.example' }]);
  });

  it('answers the proxy as the user of its URL, in absolute form', async () => {
    await using server = await HttpServer.start();
    await using proxy = await TestProxy.start({ userName: 'jane', password: 'pass' });
    await using run = await start({ proxy: { proxy: `http://jane:pass@${proxy.address}`, bypass: ['<-loopback>'] } });
    await using client = await RawClient.open(run.forwarder.port);
    client.write(
      run.request(`127.0.0.1:${server.port}`, 'Content-Length: 5\r\n', {
        method: 'POST',
        path: '/echo',
        body: 'hello',
      }),
    );
    await client.receives(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\n(?:5\r\n)?hello/);
    expect(proxy.requests).toEqual([{ hostname: '127.0.0.1', isHttp: true }]);
    expect(server.requests.map(({ method, body }) => [method, String(body)])).toEqual([['POST', 'hello']]);
  });

  it('never shows the client a 407 of a proxy or of a server', async () => {
    const answer =
      'HTTP/1.1 407 Who\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 3\r\n\r\nwho';
    await using peer = await RawOrigin.answering(() => answer);
    for (const proxy of [{ proxy: peer.place, bypass: ['<-loopback>'] }, 'direct'] as const) {
      await using run = await start({ proxy });
      const received = await answerTo(run.forwarder.port, run.request(peer.place, 'Connection: close\r\n'));
      expect(received).toMatch(/^HTTP\/1\.1 502 /);
      expect(received).not.toMatch(/proxy-authenticate|^who/im);
    }
  });
});

describe('bodies', () => {
  it.each([
    ['Content-Length: 5\r\n', 'hello'],
    ['Transfer-Encoding: chunked\r\n', '3;ext=1\r\nhel\r\n2\r\nlo\r\n0\r\nX-Trailer: 1\r\n\r\n'],
  ])('forwards %j, and the next request behind it', async (field, body) => {
    await using server = await HttpServer.start();
    await using run = await start();
    await using client = await RawClient.open(run.forwarder.port);
    const place = `127.0.0.1:${server.port}`;
    client.write(
      run.request(place, field, { method: 'POST', path: '/echo', body }) + run.request(place, '', { path: '/two' }),
    );
    await client.receives(/hello[\s\S]*HTTP\/1\.1 200 [\s\S]*hello/);
    expect(server.requests.map(({ method, target, body: seen }) => [method, target, String(seen)])).toEqual([
      ['POST', '/echo', 'hello'],
      ['GET', '/two', ''],
    ]);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  it('answers 100-continue when the server is connected', async () => {
    await using server = await HttpServer.start();
    await using run = await start();
    await using client = await RawClient.open(run.forwarder.port);
    const more = 'Content-Length: 5\r\nExpect: 100-continue\r\n';
    client.write(run.request(`127.0.0.1:${server.port}`, more, { method: 'POST', path: '/echo' }));
    await client.receives(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.write('hello');
    await client.receives(/HTTP\/1\.1 200 OK\r\n[\s\S]*hello/);
  });

  it.each([
    [
      'by chunks',
      'HTTP/1.1 200 OK\r\n\r\nhello',
      /Transfer-Encoding: chunked\r\n[\s\S]*\r\n\r\n5\r\nhello\r\n0\r\n\r\n$/,
    ],
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', /Content-Length: 5\r\n[\s\S]*\r\n\r\n$/],
    ['204', 'HTTP/1.1 204 None\r\n\r\n', /^HTTP\/1\.1 204 None\r\n(?:(?!Content-Length|Transfer)[^\r]*\r\n)*\r\n$/],
    [
      '304',
      'HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n',
      /^HTTP\/1\.1 304 [\s\S]*Content-Length: 5\r\n[\s\S]*\r\n\r\n$/,
    ],
    [
      'behind a 103',
      'HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
      /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nx$/,
    ],
  ])('relays a response: %s', async (name, answer, expected) => {
    await using origin = await RawOrigin.start((socket) => {
      socket.once('data', () => (answer.includes('\r\n\r\nhello') ? socket.end(answer) : socket.write(answer)));
    });
    await using run = await start();
    const method = name === 'HEAD' ? 'HEAD' : 'GET';
    expect(await answerTo(run.forwarder.port, run.request(origin.place, 'Connection: close\r\n', { method }))).toMatch(
      expected,
    );
  });

  it('gives a client of HTTP/1.0 no chunks', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';
    await using origin = await RawOrigin.answering(() => answer);
    await using run = await start();
    const request = run.request(origin.place).replace('HTTP/1.1', 'HTTP/1.0');
    const received = await answerTo(run.forwarder.port, request);
    expect(received).toMatch(/\r\nConnection: close\r\n\r\nhello$/);
    expect(received).not.toMatch(/transfer-encoding/i);
  });

  it.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhello'],
    ['invalid chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!'],
  ])('breaks off a response that ends early: %s', async (_, answer) => {
    await using origin = await RawOrigin.start((socket) => socket.once('data', () => socket.end(answer)));
    await using run = await start();
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request(origin.place));
    expect(await client.end()).not.toMatch(/\r\n0\r\n\r\n$/);
  });
});

describe('a receiver that does not read', () => {
  it('holds the server back: the client', { timeout: 60_000 }, async () => {
    using sockets = new RelaySockets();
    await using origin = await RawOrigin.start((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 40}\r\n\r\n`));
    });
    await using run = await start();
    const { port } = run.forwarder;
    await using client = await RawClient.open(port);
    client.write(run.request(origin.place));
    await client.receives(/\r\n\r\n/);
    client.socket.pause();
    const [sender] = origin.sockets as [Socket];
    const [incoming, outgoing] = [sockets.connectedTo(origin.port), sockets.acceptedAt(port)];
    const direction = { sender, incoming, outgoing, receiver: client.socket };
    await expectRest(direction, await expectPaused(direction, port));
  });

  it('holds the client back: the server', { timeout: 60_000 }, async () => {
    using sockets = new RelaySockets();
    await using origin = await RawOrigin.start((socket) => socket.once('data', () => socket.pause()));
    await using run = await start();
    const { port } = run.forwarder;
    await using client = await RawClient.open(port);
    client.write(run.request(origin.place, `Content-Length: ${2 ** 40}\r\n`, { method: 'POST' }));
    await vi.waitUntil(() => origin.sockets[0]?.isPaused());
    const [receiver] = origin.sockets as [Socket];
    const [incoming, outgoing] = [sockets.acceptedAt(port), sockets.connectedTo(origin.port)];
    const direction = { sender: client.socket, incoming, outgoing, receiver };
    await expectRest(direction, await expectPaused(direction, port));
  });
});

describe('connections', () => {
  it('asks for the password on each request', async () => {
    await using server = await HttpServer.start();
    await using run = await start();
    await using client = await RawClient.open(run.forwarder.port);
    const request = run.request(`127.0.0.1:${server.port}`);
    client.write(request);
    await client.receives(/hello/);
    client.write(request.replace(/Proxy-Authorization: .*\r\n/, ''));
    await client.receives(
      /HTTP\/1\.1 407 [\s\S]*Proxy-Authenticate: Basic realm="winwire", charset="UTF-8"\r\n[\s\S]*\r\n\r\n.*\n$/,
    );
    client.write(request.replace(/Basic .*/, `Basic ${btoa('winwire:wrong')}`));
    await client.receives(/407 [\s\S]*407 [\s\S]*wrong/);
    client.write(request);
    await client.receives(/hello[\s\S]*407 [\s\S]*407 [\s\S]*hello/);
    expect(server.requests).toHaveLength(2);
    expect(run.forwarder.statistics).toMatchObject({ requests: 4, failures: 2, connections: 1 });
  });

  it.each([
    'winwire:',
    'winwire:x',
    ':',
    'other:PASSWORD',
    'WINWIRE:PASSWORD',
    'winwire:PASSWORD ',
    'winwire:PASSWOR',
    'PASSWORD',
  ])('refuses %j', async (text) => {
    await using run = await start({ password: 'PASSWORD' });
    const request = run.request('a.example').replace(/Basic .*/, `Basic ${btoa(text)}`);
    await using client = await RawClient.open(run.forwarder.port);
    client.write(request);
    await client.receives(/^HTTP\/1\.1 407 /);
  });

  it.each(['Basic', 'Basic ', 'Bearer x', 'Basic ====', 'Negotiate abc'])('refuses the value %j', async (value) => {
    await using run = await start();
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request('a.example').replace(/Basic .*/, value));
    await client.receives(/^HTTP\/1\.1 407 /);
  });

  it('takes a password with any characters, and a URL that contains it', async () => {
    await using server = await HttpServer.start();
    await using run = await start({ password: 'p:ä世%@/\'"$`!' });
    expect(run.forwarder.url).toMatch(/^http:\/\/winwire:[\w%.-]+@127\.0\.0\.1:\d+$/);
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request(`127.0.0.1:${server.port}`));
    await client.receives(/hello/);
  });

  it('keeps the connections of clients to a server apart', async () => {
    await using server = await HttpServer.start();
    await using run = await start();
    await using one = await RawClient.open(run.forwarder.port);
    await using two = await RawClient.open(run.forwarder.port);
    for (const client of [one, two, one, two]) {
      const before = server.requests.length;
      client.write(run.request(`127.0.0.1:${server.port}`));
      await server.arrived(before + 1);
    }
    await Promise.all([one, two].map((client) => client.receives(/hello[\s\S]*hello/)));
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2, 1, 2]);
  });

  it('connects anew if the server has closed its connection', async () => {
    await using server = await HttpServer.start();
    await using run = await start();
    await using client = await RawClient.open(run.forwarder.port);
    client.write(run.request(`127.0.0.1:${server.port}`, '', { path: '/once' }));
    await client.receives(/hello/);
    client.write(run.request(`127.0.0.1:${server.port}`));
    await client.receives(/hello[\s\S]*hello/);
  });

  it('closes the connection to the server when the client goes', async () => {
    await using server = await HttpServer.start();
    await using run = await start();
    {
      await using client = await RawClient.open(run.forwarder.port);
      client.write(run.request(`127.0.0.1:${server.port}`, '', { path: '/never' }));
      await server.arrived();
    }
    await server.allClosed();
  });

  it('names the failure, with the status that fits', async () => {
    await using gone = await RawOrigin.start(() => {});
    const { place } = gone;
    await gone[Symbol.asyncDispose]();
    await using silent = await RawOrigin.start((socket) => socket.once('data', () => socket.end()));
    await using odd = await RawOrigin.start((socket) => socket.once('data', () => socket.end('SSH-2.0-x\r\n')));
    await using forbids = await RawOrigin.answering(() => 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n');
    await using run = await start();
    const ask = (target: string) => answerTo(run.forwarder.port, run.request(target, 'Connection: close\r\n'));
    expect(await ask(place)).toMatch(/^HTTP\/1\.1 502 [\s\S]*cannot be reached: .*ECONNREFUSED/);
    expect(await ask('nothing.invalid')).toMatch(/^HTTP\/1\.1 502 [\s\S]*nothing\.invalid cannot be reached/);
    expect(await ask(silent.place)).toMatch(/^HTTP\/1\.1 502 [\s\S]*No response/);
    expect(await ask(odd.place)).toMatch(/^HTTP\/1\.1 502 [\s\S]*does not speak HTTP/);
    expect(await ask(forbids.place)).toMatch(/^HTTP\/1\.1 403 No\r\n/);
  });
});

it('headers reach the server as sent', async () => {
  await using server = await HttpServer.start();
  await using run = await start();
  await using client = await RawClient.open(run.forwarder.port);
  client.write(run.request(`127.0.0.1:${server.port}`, 'authorization: Basic eDp5\r\nX-Odd:\t\xe9 \r\n'));
  const seen = await server.arrived();
  expect([headerOf(seen, 'authorization'), headerOf(seen, 'x-odd')]).toEqual(['Basic eDp5', '\xe9']);
});
