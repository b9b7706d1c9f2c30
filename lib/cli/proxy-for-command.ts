/** `winwire proxy-for URL…`: shows the proxies of URLs. */
import type { Command } from 'commander';
import { addExamples } from './help.ts';
import type { ProxyForOptions } from './proxy-for/proxy-for.ts';
import { addProxyOptions } from './proxy-options.ts';
import { backendOption, parseSeconds } from './shared-options.ts';

export function addProxyForCommand(program: Command): void {
  const command = program
    .command('proxy-for')
    .summary('tell through which proxies URLs go')
    .description(
      "Tells through which proxies URLs go, in the order to try them, and who named them: the environment, the machine's " +
        'settings with their PAC scripts and WPAD, or what --proxy and --pac name. No connection to the URLs is made.',
    )
    .argument('<urls...>', 'http:, https:, ws: or wss:');
  addProxyOptions(command, 'the environment, then the system')
    .option('--explain', 'each source that was asked, and what it said')
    .option('-m, --max-time <seconds>', 'limit for each URL (default: 5)', parseSeconds)
    .option('--json', 'the result as JSON')
    .addOption(backendOption())
    .action(async (urls: readonly string[], options: ProxyForOptions) => {
      const { proxyFor } = await import('./proxy-for/proxy-for.ts');
      await proxyFor(urls, options);
    });
  addExamples(command, [
    ['winwire proxy-for https://example.org/ http://intranet/', 'where two URLs go'],
    ['winwire proxy-for --explain https://example.org/', 'why it goes there'],
    ['winwire proxy-for --pac proxy.pac --json https://example.org/', 'what a script would say, for programs'],
  ]);
}
