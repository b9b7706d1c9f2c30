/** `winwire ws`: a WebSocket client in the terminal, or an echo server. */
import type { Command } from 'commander';
import { usage } from './exit.ts';
import { addExamples } from './help.ts';
import { addProxyOptions, isProxied } from './proxy-options.ts';
import { backendOption, collectHeader, collectToken, integerParser, parseSeconds } from './shared-options.ts';
import { addUpstreamOptions } from './upstream-options.ts';
import type { WsOptions } from './ws/ws-options.ts';

export function addWsCommand(program: Command): void {
  const command = program
    .command('ws')
    .summary('runClient over a WebSocket, or serve an echo')
    .description(
      'Opens a WebSocket: each line typed is sent as text, what comes in is printed; /help lists the commands. With ' +
        'stdin piped, sends each line and closes. With --listen, serves an echo.',
    )
    .argument('[url]', 'ws: or wss:; without a scheme, ws: is assumed')
    .option('-s, --subprotocol <name>', 'offer a sub-protocol (with --listen: speak it); may be repeated', collectToken)
    .option('-H, --header <line>', "a header of the handshake, 'Name: value'; may be repeated", collectHeader)
    .option('-k, --insecure', 'accept any certificate of the server')
    .option('--connect-timeout <seconds>', 'limit of connection and handshake (default: 30)', parseSeconds)
    .option('--raw', 'every line is a message, also one that begins with /')
    .option('--listen <port>', 'serve an echo on a port; 0 for any that is free', integerParser(0, 65_535))
    .option('--host <address>', 'the address to listen on (default: 127.0.0.1)');
  addUpstreamOptions(addProxyOptions(command, 'direct'))
    .option('-u, --user <user>', 'credentials, given when the server asks; the password is asked for')
    .option('--password-file <file>', "the first line is the password of --user ('-': stdin)")
    .option('-w, --wait <seconds>', 'with stdin piped: listen so long after its end before closing', parseSeconds)
    .addOption(backendOption())
    .action(async (url: string | undefined, options: WsOptions) => {
      if ((url === undefined) === (options.listen === undefined)) throw usage('ws takes a URL, or --listen PORT');
      if (url === undefined && isProxied(options)) throw usage('--proxy, --pac and --noproxy do not go with --listen');
      if (url === undefined) return (await import('./ws/listen.ts')).listen(options);
      if (options.host !== undefined) throw usage('--host goes with --listen');
      return (await import('./ws/client.ts')).runClient(url, options);
    });
  addExamples(command, [
    ['winwire ws wss://example.org/chat -s chat', 'a conversation'],
    ["printf 'one\\ntwo\\n' | winwire ws ws://127.0.0.1:8080/ --wait 1", 'sends two messages and prints the answers'],
    ['winwire ws --listen 8080', 'an echo server on ws://127.0.0.1:8080/'],
  ]);
}
