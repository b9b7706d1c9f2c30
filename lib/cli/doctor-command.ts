/** `winwire doctor [URL]`: what is installed, and how a URL fares. */
import type { Command } from 'commander';
import type { DoctorOptions } from './doctor/doctor.ts';
import { addExamples } from './help.ts';
import { backendOption, collectToken, readSeconds } from './shared-options.ts';

export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .summary('tell what is installed, and what is wrong with it or with a URL')
    .description(
      'Tells which backends can serve, from which file and version, and why not. With a URL, goes the way to it step by ' +
        'step: proxy, name, connection, TLS chain, authentication, times. Exit code 1 if something is wrong. ' +
        'Credentials, cookies and queries of redirects are not shown.',
    )
    .argument('[url]', 'http:, https:, ws: or wss:')
    .option('-s, --subprotocol <name>', 'for a WebSocket: offer a sub-protocol; may be repeated', collectToken)
    .option('-m, --max-time <seconds>', 'limit of the examination of the URL (default: 30)', readSeconds)
    .option('--json', 'the report as JSON')
    .addOption(backendOption())
    .action(async (url: string | undefined, options: DoctorOptions) => {
      const { doctor } = await import('./doctor/doctor.ts');
      await doctor(url, options);
    });
  addExamples(command, [
    ['winwire doctor', 'what is installed here'],
    ['winwire doctor https://example.org/', 'how a URL fares'],
    ['winwire doctor wss://example.org/chat -s chat --json', 'a WebSocket, for machines'],
  ]);
}
