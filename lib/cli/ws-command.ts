/** `winwire ws`: a WebSocket to type into, or an echo server. */
import type { Command } from 'commander';
import { usage } from './exit.ts';
import { addExamples } from './help.ts';
import { backendOption, collectHeader, collectToken, readInteger, readSeconds } from './shared-options.ts';
import type { WsOptions } from './ws/ws-options.ts';

export function addWsCommand(program: Command): void {
  const command = program
    .command('ws')
    .summary('talk over a WebSocket, or serve an echo')
    .description(
      'Opens a WebSocket: each line typed is sent as text, what comes in is printed; /help lists the commands. With ' +
        'stdin piped, sends each line and closes. With --listen, serves an echo.',
    )
    .argument('[url]', 'ws: or wss:')
    .option('-s, --subprotocol <name>', 'offer a sub-protocol (with --listen: speak it); may be repeated', collectToken)
    .option('-H, --header <line>', "a header of the handshake, 'Name: value'; may be repeated", collectHeader)
    .option('-k, --insecure', 'accept any certificate of the server')
    .option('--connect-timeout <seconds>', 'limit of connection and handshake (default: 30)', readSeconds)
    .option('-w, --wait <seconds>', 'with stdin piped: listen so long after its end before closing', readSeconds)
    .option('--raw', 'every line is a message, also one that begins with /')
    .option('--listen <port>', 'serve an echo on a port; 0 for any that is free', readInteger(0, 65_535))
    .option('--host <address>', 'the address to listen on (default: 127.0.0.1)')
    .addOption(backendOption())
    .action(async (url: string | undefined, options: WsOptions) => {
      if ((url === undefined) === (options.listen === undefined)) throw usage('ws takes a URL, or --listen PORT');
      if (url === undefined) return (await import('./ws/listen.ts')).listen(options);
      if (options.host !== undefined) throw usage('--host goes with --listen');
      return (await import('./ws/client.ts')).talk(url, options);
    });
  addExamples(command, [
    ['winwire ws wss://example.org/chat -s chat', 'a conversation'],
    ["printf 'one\\ntwo\\n' | winwire ws ws://127.0.0.1:8080/ --wait 1", 'sends two messages and prints the answers'],
    ['winwire ws --listen 8080', 'an echo server on ws://127.0.0.1:8080/'],
  ]);
}
