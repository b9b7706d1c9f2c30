// The server behind Apache and squid: answers with what it received.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** Starts the target; closing it ends its connections. */
export async function startTarget() {
  const server = createServer(answer);
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    async end() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

async function answer(request, response) {
  const hash = createHash('sha256');
  let length = 0;
  try {
    for await (const chunk of request) {
      length += chunk.length;
      hash.update(chunk);
    }
  } catch {
    // The client has gone; nothing can be answered.
    return;
  }
  const { method, url, headers } = request;
  const body = { length, sha256: hash.digest('hex') };
  const user = headers['x-remote-user'] ?? '';
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ method, url, user, headers, body }));
}
