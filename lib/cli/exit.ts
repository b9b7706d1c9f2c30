/** How a command ends with an exit code other than 0. */

/** Exit codes that every command shares; those of `get` are in get-exit-code.ts. */
export const ExitCode = {
  /** The command has failed or found a problem. */
  FAILURE: 1,
  /** The command line is invalid. */
  USAGE: 2,
  /** Ctrl-C: 128 plus the number of SIGINT. */
  INTERRUPTED: 130,
} as const;

/** Ends a command with an exit code; a message that is not empty goes to stderr. */
export class Exit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message = '') {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Returns the error for an invalid command line that the parser cannot detect. */
export function usage(message: string): Exit {
  return new Exit(ExitCode.USAGE, message);
}
