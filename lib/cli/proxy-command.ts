/** `winwire proxy`: a local proxy for other programs. */
import type { Command } from 'commander';
import { addExamples } from './help.ts';
import type { ProxyCommandOptions } from './proxy/run-proxy.ts';
import { addProxyOptions } from './proxy-options.ts';
import { backendOption, collectValues, integerParser } from './shared-options.ts';
import { addUpstreamOptions } from './upstream-options.ts';

export function addProxyCommand(program: Command): void {
  const command = program
    .command('proxy')
    .summary('serve a local proxy for other programs, or for one command')
    .description(
      "Serves a local proxy, which goes the way of the machine's settings as the logged-on user: for git, curl, npm, pip, " +
        'containers and all that knows HTTP_PROXY. With a command after --, runs it with the variables set, and ends with its ' +
        'exit code; else prints the lines that set them, and serves until Ctrl-C.',
    )
    .argument('[command...]', 'after --: the command and its arguments')
    .option('-p, --port <port>', 'the port to listen on (default: one that is free)', integerParser(0, 65_535))
    .option('--listen <address>', 'an address in place of both loopback addresses; may be repeated', collectValues)
    .option(
      '--allow <range>',
      'admits clients of other addresses, such as 172.16.0.0/12; may be repeated',
      collectValues,
    )
    .option('--password-file <file>', 'the file with the password; it is created on first use, for this user only')
    .option('--no-password', 'ask clients for no password');
  addUpstreamOptions(addProxyOptions(command, 'system'))
    .option('--user <name>', 'the same as --proxy-user')
    .option('--json', 'the log as JSON, a line a request')
    .option('-q, --quiet', 'no log')
    .addOption(backendOption())
    .action(async (words: readonly string[], options: ProxyCommandOptions & { readonly user?: string }) => {
      const { runProxy } = await import('./proxy/run-proxy.ts');
      const { user, ...rest } = options;
      await runProxy(words, user === undefined ? rest : { ...rest, proxyUser: user });
    });
  addExamples(command, [
    ['winwire proxy -- git clone https://example.org/x.git', 'one command through the proxy of the system'],
    ['winwire proxy --port 3128 --password-file ~/.winwire-proxy', 'a service with a lasting password'],
    ['winwire proxy --proxy proxy.example:8080 --user CORP\\jane -- npm install', 'a proxy and a user of your own'],
    ['winwire proxy --port 3128 --listen 172.17.0.1 --allow 172.17.0.0/16', 'for containers'],
  ]);
}
