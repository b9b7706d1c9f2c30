/** `winwire doctor [URL]`: checks the installation, and the connection to a URL. */
import type { Command } from 'commander';
import type { DoctorOptions } from './doctor/doctor.ts';
import { addExamples } from './help.ts';
import { addProxyOptions } from './proxy-options.ts';
import { backendOption, collectToken, parseSeconds } from './shared-options.ts';
import { addUpstreamOptions } from './upstream-options.ts';

export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .summary('tell what is installed, and what is wrong with it or with a URL')
    .description(
      'Shows which backends are available, their files and versions, and why others are not. With a URL, checks the ' +
        'connection step by step: proxy, name, connection, TLS chain, authentication, times. Exit code 1 if something is wrong. ' +
        'Credentials, cookies and queries of redirects are not shown.',
    )
    .argument('[url]', 'http:, https:, ws: or wss:; without a scheme, http: is assumed');
  addUpstreamOptions(addProxyOptions(command, 'as winwire get and ws go'))
    .option('-s, --subprotocol <name>', 'for a WebSocket: offer a sub-protocol; may be repeated', collectToken)
    .option('-m, --max-time <seconds>', 'limit of the examination of the URL (default: 30)', parseSeconds)
    .option('--install', 'what install() of winwire reaches in the program of this folder, and what not')
    .option('--json', 'the report as JSON')
    .addOption(backendOption())
    .action(async (url: string | undefined, options: DoctorOptions) => {
      const { doctor } = await import('./doctor/doctor.ts');
      await doctor(url, options);
    });
  addExamples(command, [
    ['winwire doctor', 'what is installed here'],
    ['winwire doctor https://example.org/', 'how a URL fares'],
    ['winwire doctor --install', 'which clients of this program go by winwire after install()'],
    ['winwire doctor wss://example.org/chat -s chat --json', 'a WebSocket, for machines'],
  ]);
}
