/** `winwire get URL`: a request over WinHttpRequest. */
import type { Command } from 'commander';
import type { GetOptions } from './get/get-options.ts';
import { addExamples } from './help.ts';
import { addProxyOptions } from './proxy-options.ts';
import {
  backendOption,
  collectHeader,
  collectValues,
  integerParser,
  parseSeconds,
  parseToken,
} from './shared-options.ts';
import { addUpstreamOptions } from './upstream-options.ts';

const MAX_REDIRECTS = 1_000;

export function addGetCommand(program: Command): void {
  const command = program
    .command('get')
    .summary('fetch a URL over WinHttpRequest')
    .description(
      'Fetches a URL over WinHttpRequest and writes the body to stdout or to a file. Exit codes are those of curl ' +
        '(docs/command-line.md).',
    )
    .argument('<url>', 'http: or https:; without a scheme, http: is assumed')
    .option('-o, --output <file>', "write the body to a file ('-': stdout)")
    .option('-C, --resume', 'continue a file that was begun: asks for the rest, and appends it')
    .option('-X, --request <method>', 'the method (default: GET, HEAD with -I, POST with -d)', parseToken)
    .option('-H, --header <line>', "a header, 'Name: value'; may be repeated", collectHeader)
    .option(
      '-d, --data <data>',
      "the body: text, @FILE or @- for stdin; repeated ones are joined by '&'",
      collectValues,
    )
    .option('-i, --include', 'write the status line and the headers before the body')
    .option('-I, --head', 'ask for the headers only, and write them')
    .option('-u, --user <user>', 'credentials, given when the server asks: USER:PASSWORD, or USER to be asked');
  addUpstreamOptions(addProxyOptions(command, "the environment's; on system the machine's setting"))
    .option('-L, --location', 'follow redirects: the default')
    .option('--no-location', 'show a redirect and do not follow it')
    .option('--max-redirs <count>', 'how many redirects are followed (default: 10)', integerParser(1, MAX_REDIRECTS))
    .option('-k, --insecure', 'accept any certificate of the server')
    .option('-m, --max-time <seconds>', 'limit of the whole', parseSeconds)
    .option('--connect-timeout <seconds>', 'limit of name resolution and connection, each', parseSeconds)
    .option('-f, --fail', 'a status from 400 on is a failure (exit code 22) and its body is not written')
    .option('-s, --silent', 'no progress bar and no remarks on stderr')
    .option('--json', 'write a summary as JSON to stdout; the body goes to -o only')
    .addOption(backendOption())
    .action(async (url: string, options: GetOptions) => {
      const { get } = await import('./get/get.ts');
      await get(url, options);
    });
  addExamples(command, [
    ['winwire get https://example.org/', 'the body on stdout'],
    ['winwire get -o big.iso -C https://example.org/big.iso', 'a download that continues where it ended'],
    ["winwire get -d '{\"a\":1}' -H 'Content-Type: application/json' URL", 'a POST with a body'],
    ['winwire get -I --no-location https://example.org/old', 'the headers of a redirect'],
    ['winwire get --json https://example.org/', 'status, headers, times'],
  ]);
}
