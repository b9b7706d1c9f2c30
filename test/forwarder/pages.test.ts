// Web pages in Chromium that attack a forwarder of their user. With and without a password, nothing is forwarded.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createForwarder } from '../../lib/forwarder/create-forwarder.ts';
import type { ForwardedRequest } from '../../lib/forwarder/forwarder-types.ts';
import { chromium, openPage } from '../helpers/chromium.ts';

const PAGE = new URL('./attacking-page.html', import.meta.url);
/** A name of the attacker that resolves to this machine. */
const REBOUND = 'rebound.example';

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

describe.skipIf(chromium === undefined)('a web page', () => {
  it.each([undefined, false] as const)('reaches nothing by the forwarder, whose password is %s', async (password) => {
    let reached = 0;
    await using secret = await listen((_request, response) => {
      reached++;
      response.end('secret');
    });
    const log: ForwardedRequest[] = [];
    const onRequest = (request: ForwardedRequest) => void log.push(request);
    await using forwarder = await createForwarder({ proxy: 'direct', backend: 'portable', password, onRequest });
    const place = `127.0.0.1:${secret.port}`;
    let tell: (result: string) => void = () => {};
    const result = new Promise<string>((resolve) => {
      tell = resolve;
    });
    await using pages = await listen(async (request, response) => {
      if (request.url === '/result') return void response.end(tell(await text(request)));
      response.setHeader('Content-Type', 'text/html').end(readFileSync(PAGE));
    });
    const query = new URLSearchParams({ port: String(forwarder.port), secret: place, rebound: REBOUND });
    await using _page = openPage(`http://${REBOUND}:${pages.port}/?${query}`, [
      `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`,
      // Else the browser blocks requests of a page to this machine.
      '--disable-features=BlockInsecurePrivateNetworkRequests,LocalNetworkAccessChecks',
    ]);
    expect(await result).toBe('');
    expect(reached).toBe(0);
    expect(log.length).toBeGreaterThan(50);
    expect([...new Set(log.map(({ status }) => status))]).toEqual([400]);
  });
});
