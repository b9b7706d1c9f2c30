/** `winwire get`: resumes a transfer, prints remarks and the summary, and sets the exit code. */
import { CERTIFICATE_HINT, errorText } from '../error-text.ts';
import { Exit } from '../exit.ts';
import { formatBytes, millisecondsSince, withoutControls, withoutUser } from '../format.ts';
import { Interrupted, interruptible } from '../interrupt.ts';
import { isServer } from '../proxy-options.ts';
import { withScheme } from '../typed-url.ts';
import { exitCodeFor, GetExitCode } from './exit-code.ts';
import { checkOptions, type GetOptions, readCredentials } from './get-options.ts';
import { createProgress, NO_PROGRESS } from './progress.ts';
import { findResumePoint, removeNote, writeNote } from './resume.ts';
import { lengthOf } from './shown-head.ts';
import { summaryOf } from './summary.ts';
import { Transfer } from './transfer.ts';

/** Resolves for exit code 0; rejects with an `Exit` for another. */
export async function get(typed: string, given: GetOptions): Promise<void> {
  checkOptions(given);
  const options = await readCredentials(given);
  const url = withScheme(typed, 'http');
  const remark = (text: string) => {
    if (!options.silent) process.stderr.write(`winwire: ${withoutControls(text)}\n`);
  };
  const file = options.output === '-' ? undefined : options.output;
  const point = options.resume && file !== undefined ? findResumePoint(file, withoutUser(url)) : undefined;
  const progress = showsProgress(options) ? await createProgress() : NO_PROGRESS;
  const transfer = new Transfer(url, options, { point, progress, remark });
  const start = performance.now();
  let failure: Exit | undefined;
  try {
    await interruptible((signal) => transfer.run(signal));
    if (transfer.state.isComplete) remark(`${file} is complete already`);
    if (file !== undefined) removeNote(file);
  } catch (error) {
    failure = failureOf(error, transfer, options);
    if (file !== undefined) keep(file, withoutUser(url), transfer, remark);
  }
  if (options.json) {
    process.stdout.write(`${JSON.stringify(summaryOf(transfer, millisecondsSince(start), file, failure))}\n`);
  }
  if (failure) throw failure;
}

/** A bar is shown on a terminal that does not show the body. */
function showsProgress({ silent, output, json }: GetOptions): boolean {
  const bodyIsOnTerminal = output === '-' || (output === undefined && !json && process.stdout.isTTY === true);
  return process.stderr.isTTY === true && !silent && !bodyIsOnTerminal;
}

function failureOf(error: unknown, { state }: Transfer, { proxy }: GetOptions): Exit {
  if (error instanceof Interrupted) return new Exit(error.exitCode, 'interrupted: the request was aborted');
  const length = state.head && lengthOf(state.head);
  const missing = length === undefined ? undefined : length - state.received;
  const exitCode = exitCodeFor(error, { byProxy: isServer(proxy), missing });
  if (error instanceof Exit) return error;
  const text = errorText(error);
  return new Exit(exitCode, exitCode === GetExitCode.CERTIFICATE ? `${text}\n${CERTIFICATE_HINT}` : text);
}

/** Keeps an incomplete file, which can be resumed. */
function keep(file: string, url: string, transfer: Transfer, remark: (text: string) => void): void {
  const { head, kept, received } = transfer.state;
  if (!transfer.isResumable || !head || kept + received === 0) return;
  writeNote(file, url, head);
  const length = lengthOf(head);
  const whole = length === undefined ? '' : ` of ${formatBytes(kept + length)}`;
  remark(`${file} holds ${formatBytes(kept + received)}${whole}: continue with --resume`);
}
