// A server in a separate process that answers /<number> with this many bytes. Reports its port in a message.
import { createServer } from 'node:http';

const chunk = Buffer.alloc(64 * 1024, 'winwire ');

const server = createServer((request, response) => {
  const size = Number(request.url?.slice(1));
  let left = size;
  response.writeHead(200, { 'Content-Length': String(size) });
  const write = () => {
    while (left > 0) {
      const part = left < chunk.length ? chunk.subarray(0, left) : chunk;
      left -= part.length;
      if (!response.write(part)) return response.once('drain', write);
    }
    response.end();
  };
  write();
});

server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
