// npm start: two endpoints on the 13 functions exchange messages over TCP, then a request object and a web server, and
// everything they do is shown. See examples/README.md.
import { type CommandLine, type Main, runIfMain, UsageError } from '../lib/command-line.ts';
import { showDemo } from './demo.ts';
import { get } from './http-get.ts';

export const COMMAND = {
  usage: 'npm start -s -- [options] [get URL]',
  about:
    'Two WebSocket endpoints, built on the 13 functions of websocket.dll, talk over a TCP connection; then a request\n' +
    'object, WinHttpRequest, meets a web server. With `get URL`, WinHttpRequest fetches that URL.',
  options: {
    backend: { type: 'string', choices: ['system', 'portable'], help: 'who answers the calls' },
    json: { type: 'boolean', help: 'one JSON object for each event and line (examples/README.md)' },
  },
  positionals: 'any',
} as const satisfies CommandLine;

export const main: Main<typeof COMMAND> = async (values, [command, ...rest], terminal) => {
  if (command === 'get') return get(rest, values, terminal);
  if (command !== undefined) throw new UsageError(`unexpected argument '${command}'`);
  return (await showDemo(values, terminal)) ? 0 : 1;
};

await runIfMain(import.meta, COMMAND, main);
