// The server of the measurements, in a separate thread, so that its time does not count.
import { createServer, type ServerResponse } from 'node:http';
import { parentPort } from 'node:worker_threads';

/** Size of /large in bytes. */
const LARGE = 1024 ** 3;
const BLOCK = Buffer.alloc(256 * 1024, 'x');
const HELLO = Buffer.alloc(1024, 'x');

function sendLarge(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': LARGE });
  let left = LARGE;
  const pump = () => {
    while (left > 0) {
      left -= BLOCK.length;
      if (!response.write(BLOCK)) return void response.once('drain', pump);
    }
    response.end();
  };
  pump();
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.url === '/never') return;
  if (request.url === '/large') return sendLarge(response);
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': HELLO.length });
  response.end(HELLO);
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === 'object' ? address?.port : undefined);
});
