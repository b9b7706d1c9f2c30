/** Runs a program of the system that prints settings. */
import { promisify } from 'node:util';
import { proxyFailure } from './proxy-errors.ts';

const LIMIT = 2_000;

/**
 * Returns the output; empty if the program is missing or fails.
 *
 * @throws {WinwireError} ERROR_WINHTTP_TIMEOUT after two seconds; ERROR_WINHTTP_INTERNAL_ERROR if Node.js may not start
 *   programs.
 */
export async function runProgram(file: string, args: readonly string[]): Promise<string> {
  // Loaded here: it takes milliseconds.
  const { execFile } = await import('node:child_process');
  try {
    const options = { timeout: LIMIT, maxBuffer: 1024 * 1024, env: { ...process.env, LC_ALL: 'C' } };
    return (await promisify(execFile)(file, [...args], options)).stdout;
  } catch (error) {
    const { killed, code } = error as { killed?: boolean; code?: unknown };
    if (killed) throw proxyFailure('ERROR_WINHTTP_TIMEOUT', `${file} did not end within ${LIMIT} ms`);
    if (code !== 'ERR_ACCESS_DENIED') return '';
    const detail = `the settings cannot be read: pass --allow-child-process to node, which lets it start ${file}`;
    throw proxyFailure('ERROR_WINHTTP_INTERNAL_ERROR', detail, error);
  }
}
