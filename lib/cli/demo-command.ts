/** `winwire demo`: demonstrates both components; `npm start` runs it in a clone. */
import type { Command } from 'commander';
import type { BackendName } from '../backend.ts';
import { Exit, ExitCode } from './exit.ts';
import { addExamples } from './help.ts';
import { backendOption } from './shared-options.ts';

interface DemoOptions {
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** The exports of the bundle of examples/demo/demo.ts. */
interface Demo {
  showDemo(options: DemoOptions, terminal: NodeJS.Process): Promise<boolean>;
}

export function addDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .summary('show both components at work')
    .description(
      'Two endpoints made of the 13 functions of websocket.dll talk over TCP, then WinHttpRequest meets a web server, ' +
        'all within this process. Every call is shown, and what is shown is verified: exit code 1 if a check fails.',
    )
    .option('--json', 'one JSON object a line, for each event (examples/README.md in the repository)')
    .addOption(backendOption())
    .action(async (options: DemoOptions) => {
      // Built from examples/demo.
      const bundle = new URL('../cli/demo.js', import.meta.url);
      const { showDemo } = (await import(bundle.href)) as Demo;
      if (!(await showDemo(options, process))) throw new Exit(ExitCode.FAILURE);
    });
  addExamples(command, [
    ['winwire demo', 'for people'],
    ['winwire demo --backend system', "on Windows: Microsoft's DLLs answer"],
  ]);
}
