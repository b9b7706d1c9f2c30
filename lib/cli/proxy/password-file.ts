/** The file with the password of the forwarder, made on first use. */
import { closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { randomPassword } from '../../forwarder/access.ts';
import { Exit, ExitCode } from '../exit.ts';

/** Readable by its owner only. */
const MODE = 0o600;
const OTHERS = 0o077;

/**
 * Returns the password of a file; creates it with a random one, readable by its owner only.
 *
 * @throws {Exit} if the file cannot be used, is empty, or if other users can read it.
 */
export function passwordOf(file: string): string {
  const created = create(file);
  if (created !== undefined) return created;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    // Windows has no such bits: the folder of a user belongs to that user.
    const isOpen = process.platform !== 'win32' && (fstatSync(descriptor).mode & OTHERS) !== 0;
    if (isOpen) throw new Error(`other users can use ${file}: chmod 600 ${file}`);
    const [line = ''] = readFileSync(descriptor, 'utf8').split(/\r?\n/, 1);
    if (line === '') throw new Error(`the first line of ${file} is empty`);
    return line;
  } catch (error) {
    throw failure(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Returns undefined if the file exists. */
function create(file: string): string | undefined {
  const password = randomPassword();
  try {
    writeFileSync(file, `${password}\n`, { mode: MODE, flag: 'wx' });
    return password;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw failure(error);
  }
}

const failure = (error: unknown): Exit => new Exit(ExitCode.FAILURE, `--password-file: ${(error as Error).message}`);
