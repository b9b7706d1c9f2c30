// A client on the 13 functions: sends each argument as a text message, and prints what comes back.
//
//   npm run example -- echo-client --url ws://127.0.0.1:9001/ hello 'Grüße, 世界'
import { once } from 'node:events';
import { chooseBackend } from './lib/choose-backend.ts';
import { type CommandLine, type Main, runIfMain } from './lib/command-line.ts';
import type { Ending } from './lib/endpoint.ts';
import { connect } from './lib/handshake.ts';

export const COMMAND = {
  usage: 'echo-client [options] [message ...]',
  about: 'Sends messages to a WebSocket server and prints the answers, through the functions of websocket.dll.',
  options: {
    url: { type: 'string', default: 'ws://127.0.0.1:9001/', help: 'where to connect: ws: or wss:' },
    backend: { type: 'string', choices: ['system', 'portable'], help: 'who answers the 13 calls' },
    binary: { type: 'boolean', help: 'send the messages as bytes' },
  },
  positionals: 'any',
} as const satisfies CommandLine;

export const main: Main<typeof COMMAND> = async (values, words, { stdout }) => {
  const endpoint = await connect({ url: values.url, backend: chooseBackend(values.backend) });
  const closed = once(endpoint, 'closed') as Promise<[Ending]>;
  for (const word of words.length > 0 ? words : ['Hello']) {
    const answer = once(endpoint, 'message') as Promise<[string | Buffer]>;
    stdout.write(`sent      ${word}\n`);
    await endpoint.send(values.binary ? Buffer.from(word) : word);
    const [message] = await Promise.race([answer, closed.then(() => ['(the connection ended)'])]);
    stdout.write(`received  ${message}\n`);
  }
  endpoint.close(1000, 'done');
  const [{ status, reason, clean, error }] = await closed;
  stdout.write(`closed    ${[status, reason, clean ? 'cleanly' : `not cleanly: ${error?.message}`].join(' ')}\n`);
  return clean ? 0 : 1;
};

await runIfMain(import.meta, COMMAND, main);
