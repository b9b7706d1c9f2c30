/**
 * Resumes a download: requests the rest by Range, and by If-Range if the version of the first part is known.
 * FILE.resume, beside an incomplete file, contains that version. Source: RFC 9110 sections 13.1.5 and 14.
 */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Exit } from '../exit.ts';
import type { Header } from '../shared-options.ts';
import { GetExitCode } from './exit-code.ts';
import type { ShownHead } from './shown-head.ts';

/** Length and version of an incomplete file. */
export interface ResumePoint {
  readonly offset: number;
  /** A strong validator; undefined if unknown. */
  readonly validator: string | undefined;
}

interface Note {
  readonly url: string;
  readonly validator: string;
}

const noteOf = (file: string): string => `${file}.resume`;

/** Returns undefined if there is nothing to resume. */
export function findResumePoint(file: string, url: string): ResumePoint | undefined {
  const offset = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (offset === 0) return undefined;
  const note = readNote(file);
  return { offset, validator: note?.url === url ? note.validator : undefined };
}

/** Returns the headers that request the rest. */
export function rangeHeaders({ offset, validator }: ResumePoint): Header[] {
  const range: Header = ['Range', `bytes=${offset}-`];
  return validator === undefined ? [range] : [range, ['If-Range', validator]];
}

/** How to handle a response: append it, restart with it, or do nothing because the file is complete. */
type Continuation = 'append' | 'restart' | 'complete';

/** Decides about the response to {@link rangeHeaders}. */
export function continuationOf(head: ShownHead, { offset }: ResumePoint): Continuation {
  const { status, statusText } = head;
  const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(head.headers.get('Content-Range') ?? '') ?? [];
  if (status === 200) return 'restart';
  if (status === 416 && total === String(offset)) return 'complete';
  if (status === 206 && start === String(offset)) return 'append';
  if (status === 206) throw new Exit(GetExitCode.RANGE, 'the server sent another range than the one asked for');
  if (status === 416) {
    const size = total === undefined || total === '*' ? '' : ` of ${total} bytes`;
    throw new Exit(GetExitCode.RANGE, `the server's file${size} does not reach to byte ${offset}: nothing was changed`);
  }
  throw new Exit(GetExitCode.HTTP_STATUS, `the server answered ${status} ${statusText}: nothing was changed`);
}

/** Stores the version of an incomplete file, if known. */
export function writeNote(file: string, url: string, head: ShownHead): void {
  removeNote(file);
  const validator = strongValidator(head);
  if (validator === undefined) return;
  try {
    // Overwrites only a file that is such a note.
    writeFileSync(noteOf(file), `${JSON.stringify({ url, validator } satisfies Note)}\n`, { flag: 'wx' });
  } catch {
    // The disk may be full. Without a note the file is resumed without If-Range.
  }
}

/** Removes the note of a complete file. Other files of that name stay. */
export function removeNote(file: string): void {
  if (readNote(file)) rmSync(noteOf(file), { force: true });
}

function readNote(file: string): Note | undefined {
  try {
    const { url, validator } = JSON.parse(readFileSync(noteOf(file), 'utf8')) as Partial<Note>;
    const isNote = typeof url === 'string' && typeof validator === 'string' && !/[\r\n\0]/.test(validator);
    return isNote ? { url, validator } : undefined;
  } catch {
    return undefined;
  }
}

// RFC 9110 section 8.8.2.2: a date is strong if it was at least a minute old when the response was made.
const STRONG_AGE = 60_000;

function strongValidator({ headers }: ShownHead): string | undefined {
  const tag = headers.get('ETag');
  if (tag !== null) return tag.startsWith('"') ? tag : undefined;
  const modified = headers.get('Last-Modified') ?? '';
  const age = Date.parse(headers.get('Date') ?? '') - Date.parse(modified);
  return age >= STRONG_AGE ? modified : undefined;
}
