/** Runs the program and returns its exit code. */
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
  // The parser has already printed the error, help or version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ExitCode.USAGE;
  const message = errorText(error);
  if (message !== '') process.stderr.write(`winwire: ${withoutControls(message)}\n`);
  if (!(error instanceof Exit)) return isRefusal(error) ? ExitCode.USAGE : ExitCode.FAILURE;
  // After Ctrl-C the program does not wait for a reader that has stopped reading.
  if (error.exitCode >= ExitCode.INTERRUPTED && process.stdout.writableLength > 0) process.exit(error.exitCode);
  return error.exitCode;
}

/** Whether the package rejected an argument, which came from the command line. */
function isRefusal(error: unknown): boolean {
  return isArgumentCode((error as { code?: unknown }).code);
}

/** Ends the program when the reader of its output closes the pipe: `winwire … | head -1`. */
function endWithItsReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A command with its own listener handles the error.
      if (stream.listenerCount('error') > 1) return;
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}
