// An echo server on the 13 functions: node:http accepts, the endpoint of lib/endpoint.ts does the rest.
//
//   npm run example -- echo-server --port 9001
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chooseBackend } from './lib/choose-backend.ts';
import { type CommandLine, type Main, runIfMain } from './lib/command-line.ts';
import type { Endpoint } from './lib/endpoint.ts';
import { accept, type HandleOptions } from './lib/handshake.ts';

export const COMMAND = {
  usage: 'echo-server [options]',
  about: 'Sends every message back, through the functions of websocket.dll.',
  options: {
    port: { type: 'number', default: 9001, help: 'port to listen on; 0 takes any' },
    host: { type: 'string', default: '127.0.0.1', help: 'address to listen on' },
    backend: { type: 'string', choices: ['system', 'portable'], help: 'who answers the 13 calls' },
    'receive-buffer': {
      type: 'number',
      default: 65_536,
      help: 'bytes of a receive buffer, at least 256',
    },
    'max-message': {
      type: 'number',
      default: 67_108_864,
      help: 'longest message in bytes; closes with 1009',
    },
    'utf8-check': {
      type: 'string',
      choices: ['endpoint', 'handle'],
      default: 'endpoint',
      help: 'who checks text: closes with 1007 or 1002',
    },
  },
} as const satisfies CommandLine;

/** Serves echoes until closed. */
export function createEchoServer(options: HandleOptions = {}): Server {
  const server = createServer((_request, response) => {
    response.writeHead(426, { Connection: 'Upgrade', Upgrade: 'websocket' }).end('This is a WebSocket server.\n');
  });
  server.on('upgrade', (request, socket, head) => {
    const endpoint = accept(request, socket, head, options);
    if (endpoint) echo(endpoint);
  });
  return server;
}

function echo(endpoint: Endpoint): void {
  endpoint.on('message', async (message) => {
    // Reads no faster than the peer accepts the echoes.
    endpoint.pause();
    await endpoint.send(message);
    endpoint.resume();
  });
}

export const main: Main<typeof COMMAND> = async (values, _positionals, { stdout }) => {
  const server = createEchoServer({
    backend: chooseBackend(values.backend),
    receiveBufferSize: values['receive-buffer'],
    maxMessageSize: values['max-message'],
    utf8Check: values['utf8-check'],
  });
  server.listen(values.port, values.host);
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;
  stdout.write(`echo server on ws://${family === 'IPv6' ? `[${address}]` : address}:${port}/\n`);
  await once(server, 'close');
  return 0;
};

await runIfMain(import.meta, COMMAND, main);
