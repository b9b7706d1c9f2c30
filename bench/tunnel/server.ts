// The proxy and the servers of the measurements, in a separate thread, so that their time does not count.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { WebSocketServer } from 'ws';

/** The ports of the servers. */
export interface Ports {
  readonly proxy: number;
  readonly plain: number;
  readonly secure: number;
}

const certificate = (name: string) => readFileSync(`test/fixtures/certificates/${name}`);

function echo(server: WebSocketServer): void {
  server.on('connection', (peer) => peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary })));
}

/** Opens tunnels to this machine. */
const proxy = createServer((socket: Socket) => {
  socket.on('error', () => {});
  socket.once('data', (head) => {
    const [, port] = /^CONNECT \S+:(\d+) /.exec(head.toString('latin1')) ?? [];
    const target = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => target.destroy());
  });
});

const plain = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const web = createHttps({ cert: certificate('self-signed.pem'), key: certificate('self-signed.key') });
echo(plain);
echo(new WebSocketServer({ server: web, perMessageDeflate: false }));
web.listen(0, '127.0.0.1');
proxy.listen(0, '127.0.0.1');
await Promise.all([once(plain, 'listening'), once(web, 'listening'), once(proxy, 'listening')]);
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
const ports: Ports = { proxy: portOf(proxy), plain: portOf(plain), secure: portOf(web) };
parentPort?.postMessage(ports);
