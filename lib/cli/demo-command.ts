/** `winwire demo`: what `npm start` shows in a clone. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { BackendName } from '../backend.ts';
import { Exit, ExitCode } from './exit.ts';
import { addExamples } from './help.ts';
import { backendOption } from './shared-options.ts';

interface DemoOptions {
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** What the bundle of examples/demo/demo.ts exports. */
interface Demo {
  showDemo(options: DemoOptions, terminal: NodeJS.Process): Promise<boolean>;
}

const NOT_IN_A_PACKAGE =
  'the demo comes with a clone of the repository, where npm start runs it; a package does not hold it';

export function addDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .summary('show both components at work (in a clone of the repository)')
    .description(
      'Two endpoints made of the 13 functions of websocket.dll talk over TCP, then WinHttpRequest meets a web server, ' +
        'all within this process. Every call is shown, and what is shown is verified: exit code 1 if a check fails. ' +
        'An installed package has no room for it: there the command says where it is.',
    )
    .option('--json', 'one JSON object a line, for each event (examples/README.md in the repository)')
    .addOption(backendOption())
    .action(async (options: DemoOptions) => {
      // Made of examples/demo by the build, for a clone only: a package has a limit of size.
      const bundle = new URL('../cli/demo.js', import.meta.url);
      if (!existsSync(bundle)) throw new Exit(ExitCode.FAILURE, NOT_IN_A_PACKAGE);
      const { showDemo } = (await import(bundle.href)) as Demo;
      if (!(await showDemo(options, process))) throw new Exit(ExitCode.FAILURE);
    });
  addExamples(command, [
    ['winwire demo', 'for people'],
    ['winwire demo --backend system', "on Windows: Microsoft's DLLs answer"],
  ]);
}
