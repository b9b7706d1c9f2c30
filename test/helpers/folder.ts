import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder among the temporary files, to be removed by `removeFolder`. */
export function makeFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `winwire-${name}-`));
}

/**
 * Waits, at most 5.5 s, for files that a process which has ended, or a virus scanner, still holds: Windows removes a file
 * only after its last handle is closed.
 */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
