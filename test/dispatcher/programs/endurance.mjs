// Many requests whose bodies are not read, or one long body each way with a slow reader; prints what is left as JSON.
// Arguments: the scenario, the door (dispatcher or agent), direct or proxy, and a number.
import { once } from 'node:events';
import http from 'node:http';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fetch, ProxyAgent, ProxyDispatcher } from 'winwire';

const [, , scenario, door, way, number] = process.argv;
const MIB = 1024 * 1024;

let open = 0;
let mostOpen = 0;
const server = http.createServer((request, response) => {
  if (request.method === 'POST') request.pipe(response);
  else response.end(Buffer.alloc(Number(request.url.slice(1)), 'x'));
});
server.on('connection', (socket) => {
  mostOpen = Math.max(mostOpen, ++open);
  socket.on('error', () => {}).on('close', () => open--);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;

const proxy = http.createServer((request, response) => {
  const upstream = http.request(request.url, { method: request.method, headers: request.headers });
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
});
proxy.on('connect', (_request, socket) => {
  const target = connect(server.address().port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(target).pipe(socket);
  });
  socket.on('error', () => target.destroy());
  target.on('error', () => socket.destroy());
});
proxy.listen(0, '127.0.0.1');
await once(proxy, 'listening');
const place = `127.0.0.1:${proxy.address().port}`;
const options = { proxy: way === 'proxy' ? { proxy: place, bypass: ['<-loopback>'] } : 'direct' };

let dispatcher = new ProxyDispatcher(options);
let agent = new ProxyAgent({ ...options, maxSockets: 50 });

/** Requests whose responses are dropped without reading. */
const get = {
  dispatcher: async (path) => void (await fetch(origin + path, { dispatcher })),
  agent: (path) =>
    new Promise((resolve, reject) => {
      // Without a listener of `response` node:http drops the body itself.
      http
        .get(origin + path, { agent })
        .on('close', resolve)
        .on('error', reject);
    }),
};

async function collect() {
  for (let turn = 0; turn < 20; turn++) {
    global.gc();
    await nextTurn();
  }
}

async function unread(path, count) {
  for (let sent = 0; sent < count; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, () => get[door](path)));
    if (sent % 500 === 450) await collect();
  }
}

/** Bytes after which the slow reader pauses. */
const PIECE = 256 * 1024;

/** Bytes that the upload has given. */
let sent = 0;

function* parts(size) {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  for (let left = size; left > 0; left -= chunk.length) {
    sent += chunk.length;
    yield chunk;
  }
}

/** The stream of an echo of so many bytes. */
const echo = {
  dispatcher: async (size) => {
    const init = {
      method: 'POST',
      body: (async function* body() {
        yield* parts(size);
      })(),
      duplex: 'half',
      dispatcher,
    };
    return (await fetch(`${origin}/`, init)).body;
  },
  agent: async (size) => {
    const request = http.request(`${origin}/`, { method: 'POST', agent });
    const response = once(request, 'response');
    (async () => {
      for (const chunk of parts(size)) if (!request.write(chunk)) await once(request, 'drain');
      request.end();
    })();
    return (await response)[0];
  },
};

const scenarios = {
  async 'unread short bodies'() {
    await unread('/100', Number(number));
  },
  async 'unread long bodies'() {
    await unread('/300000', Number(number));
  },
  async 'slow reader'() {
    const size = Number(number) * MIB;
    let received = 0;
    let ahead = 0;
    for await (const chunk of await echo[door](size)) {
      const isPause = Math.floor(received / PIECE) < Math.floor((received + chunk.length) / PIECE);
      received += chunk.length;
      // A slow reader: the other side is paused meanwhile. For each piece, since a chunk may be a few bytes.
      for (let turn = 0; isPause && turn < 20; turn++) await nextTurn();
      ahead = Math.max(ahead, sent - received);
    }
    return { received: received / MIB, ahead };
  },
};

async function used() {
  await collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

// Loads all code first.
await get[door]('/100');
const before = await used();
const seen = (await scenarios[scenario]()) ?? {};
const after = await used();
const kept = { open, mostOpen };
await dispatcher.close();
agent.destroy();
dispatcher = agent = undefined;
http.globalAgent.destroy();
proxy.close();
proxy.closeAllConnections();
while (open > 0) await nextTurn();
server.close();
await Promise.all([once(server, 'close'), proxy.listening && once(proxy, 'close')]);
await nextTurn();
// The servers of this program end a turn later than their sockets.
const left = process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY|FileHandle|TCPServer/i.test(name));
console.log(JSON.stringify({ ...seen, before, growth: after - before, ...kept, left }));
