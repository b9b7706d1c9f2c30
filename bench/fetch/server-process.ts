// The servers and the proxy of the measurements, in a separate process, so that their time does not count. Sends their ports.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';

/** The certificate of the tests, for localhost. */
const fixture = (name: string) =>
  readFileSync(new URL(`../../../../test/fixtures/certificates/${name}`, import.meta.url));
const BODY = Buffer.alloc(1024, 'x');

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const options = { keepAliveTimeout: 60_000 };
const plain = createServer(options, (_request, response) => response.end(BODY));
const certificate = { cert: fixture('self-signed.pem'), key: fixture('self-signed.key') };
const secure = createSecureServer({ ...options, ...certificate }, (_request, response) => response.end(BODY));
const proxy = createServer().on('connect', (request, socket) => {
  const target = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(target).pipe(socket);
  });
  target.on('error', () => socket.destroy());
  socket.on('error', () => target.destroy());
});

process.on('disconnect', () => process.exit());
process.send?.({ plain: await listen(plain), secure: await listen(secure), proxy: await listen(proxy) });
