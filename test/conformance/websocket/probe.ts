// The statements that the typed API cannot say, from the native probe: a test-only addon over the same tables.
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Probe {
  statementIds(): string[];
  /** Throws an Error with the text of the failed check. */
  runStatement(id: string, backend: string): void;
}

const RELEASE = fileURLToPath(new URL('../../../build/Release', import.meta.url));

function probeFile(): string {
  const binding = process.env.WINWIRE_BINDING;
  return resolve(binding ? dirname(binding) : RELEASE, 'winwire_probe.node');
}

export const probe: Probe = createRequire(import.meta.url)(probeFile());
