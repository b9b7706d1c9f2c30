// What a next proxy is asked before a body, and what it costs where it never asks.
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createForwarder } from '../../lib/forwarder/create-forwarder.ts';
import type { Forwarder } from '../../lib/forwarder/forwarder-types.ts';
import { RawOrigin } from './origin.ts';
import { authorizationOf, RawClient } from './raw-client.ts';

const LONG = Buffer.alloc(3 * 1024 * 1024, 'long ');
const SHORT = Buffer.from('short');

let forwarder: Forwarder;
let proxy: BodyProxy;
beforeEach(async () => {
  proxy = await startProxy();
  const option = { proxy: `http://alice:secret-1@${proxy.origin.place}`, bypass: ['<-loopback>'] };
  forwarder = await createForwarder({ proxy: option, backend: 'portable' });
});
afterEach(async () => {
  await forwarder.close();
  await proxy.origin[Symbol.asyncDispose]();
});

interface BodyProxy {
  readonly origin: RawOrigin;
  /** The method of each request, with its body's digest where it was read to its end. */
  readonly seen: string[];
  asks: boolean;
}

/** A proxy that reads bodies to their end, and asks for Basic before that while `asks` is set. */
async function startProxy(): Promise<BodyProxy> {
  const seen: string[] = [];
  const origin = await RawOrigin.start((socket) => serve(socket, given));
  const given: BodyProxy = { origin, seen, asks: false };
  return given;
}

function serve(socket: Socket, proxy: BodyProxy): void {
  let received = Buffer.alloc(0);
  let refused = false;
  const onBytes = () => {
    const end = received.indexOf('\r\n\r\n') + 4;
    if (end < 4) return;
    const head = received.toString('latin1', 0, end);
    const [method = ''] = head.split(' ', 1);
    const isRefused = proxy.asks && !/^Proxy-Authorization: Basic /m.test(head);
    if (isRefused && !refused) {
      proxy.seen.push(`${method} 407`);
      socket.write('HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="a"\r\nContent-Length: 0\r\n\r\n');
    }
    refused = isRefused;
    const size = Number(/^Content-Length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (received.length < end + size) return;
    const body = received.subarray(end, end + size);
    received = received.subarray(end + size);
    if (refused) refused = false;
    else {
      proxy.seen.push(size === 0 ? method : `${method} ${nameOf(body)}`);
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    }
    onBytes();
  };
  socket.on('end', () => socket.end());
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    onBytes();
  });
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const nameOf = (body: Buffer): string =>
  digest(body) === digest(LONG) ? 'long' : body.equals(SHORT) ? 'short' : `${body.length} bytes`;

/** Sends a request on a new connection. */
async function send(method: string, body = Buffer.alloc(0)): Promise<string> {
  await using client = await RawClient.open(forwarder.port);
  const head = `${method} http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: ${body.length}\r\n`;
  client.write(`${head}Proxy-Authorization: ${authorizationOf(forwarder.url)}\r\n\r\n`);
  client.write(body);
  const [line = ''] = await client.receives(/^HTTP\/1\.1 (?:102 [\s\S]*)?[2-5]\d\d[^\r]*\r\n/);
  return line.trimEnd();
}

describe('a proxy that never asks', () => {
  it('gets each body with its first request', async () => {
    for (const body of [SHORT, SHORT, LONG]) expect(await send('POST', body)).toBe('HTTP/1.1 200 OK');
    expect(proxy.seen).toEqual(['POST short', 'POST short', 'POST long']);
  });

  it('is asked once before a body that could not be sent again, while nothing is known of it', async () => {
    for (const body of [LONG, LONG]) expect(await send('POST', body)).toBe('HTTP/1.1 200 OK');
    expect(proxy.seen).toEqual(['OPTIONS', 'POST long', 'POST long']);
  });
});

describe('a proxy that asks', () => {
  it('gets a long body once, as the first request', async () => {
    proxy.asks = true;
    expect(await send('POST', LONG)).toBe('HTTP/1.1 200 OK');
    expect(proxy.seen).toEqual(['OPTIONS 407', 'OPTIONS', 'POST long']);
  });

  it('gets a short body again, on another connection, and the answer with the next one at once', async () => {
    proxy.asks = true;
    for (const _ of [1, 2]) expect(await send('POST', SHORT)).toBe('HTTP/1.1 200 OK');
    expect(proxy.seen).toEqual(['POST 407', 'POST short', 'POST short']);
    expect(proxy.origin.sockets).toHaveLength(3);
  });

  it('is asked before a long body again, once it has begun to ask', async () => {
    expect(await send('GET')).toBe('HTTP/1.1 200 OK');
    proxy.asks = true;
    expect(await send('GET')).toBe('HTTP/1.1 200 OK');
    expect(await send('POST', LONG)).toBe('HTTP/1.1 200 OK');
    expect(proxy.seen).toEqual(['GET', 'GET 407', 'GET', 'OPTIONS', 'POST long']);
  });
});

describe('a function for credentials that never settles', () => {
  it('is left after idleTime, by 504, and when the client goes', async () => {
    proxy.asks = true;
    let calls = 0;
    const proxyCredentials = () => {
      calls++;
      return new Promise<never>(() => {});
    };
    const option = { proxy: proxy.origin.place, bypass: ['<-loopback>'] };
    const own = await createForwarder({
      proxy: option,
      proxyCredentials,
      password: false,
      backend: 'portable',
      limits: { idleTime: 100 },
    });
    const request = 'GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n';
    {
      await using client = await RawClient.open(own.port);
      client.write(request);
      await client.receives(/^HTTP\/1\.1 504 /);
      client.write(request);
      await vi.waitUntil(() => calls === 2);
    }
    await vi.waitUntil(() => own.statistics.connections === 0);
    expect(proxy.seen).toEqual(['GET 407']);
    await own.close();
  });
});
