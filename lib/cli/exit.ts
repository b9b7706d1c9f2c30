/** How a command ends when not with 0. */

/** Exit codes that every command shares; those of `get` are in get-exit-code.ts. */
export const ExitCode = {
  /** Something is wrong with what was looked at or done. */
  FAILURE: 1,
  /** The command line is wrong. */
  USAGE: 2,
  /** Ctrl-C: 128 and the number of SIGINT. */
  INTERRUPTED: 130,
} as const;

/** Ends a command with an exit code; the message goes to stderr, an empty one does not. */
export class Exit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message = '') {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What is wrong with the command line, for what the parser cannot know. */
export function usage(message: string): Exit {
  return new Exit(ExitCode.USAGE, message);
}
