/** Runs the program and tells how it ended. */
import { CommanderError } from 'commander';
import { isArgumentCode } from '../errors.ts';
import { errorText } from './error-text.ts';
import { Exit, ExitCode } from './exit.ts';
import { withoutControls } from './format.ts';
import { createProgram } from './program.ts';

/** Resolves to the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  endWithItsReader();
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // The parser has said what is wrong, or printed help or version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ExitCode.USAGE;
  const message = errorText(error);
  if (message !== '') process.stderr.write(`winwire: ${withoutControls(message)}\n`);
  if (!(error instanceof Exit)) return isRefusal(error) ? ExitCode.USAGE : ExitCode.FAILURE;
  // After Ctrl-C nobody waits for a reader that takes nothing.
  if (error.exitCode >= ExitCode.INTERRUPTED && process.stdout.writableLength > 0) process.exit(error.exitCode);
  return error.exitCode;
}

/** What the package refuses to take came from the command line. */
function isRefusal(error: unknown): boolean {
  return isArgumentCode((error as { code?: unknown }).code);
}

/** Whoever reads our output may have seen enough of it: `winwire … | head -1`. */
function endWithItsReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A command that listens itself has something to end.
      if (stream.listenerCount('error') > 1) return;
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}
