// Statements that the typed API cannot express, tested by the native probe: a test addon over the same tables.
import { createRequire } from 'node:module';
import { probeFile } from '../../helpers/probe-file.ts';

interface Probe {
  statementIds(): string[];
  /** Throws an Error with the text of the failed check. */
  runStatement(id: string, backend: string): void;
  /** Names of what the permissive component can do otherwise than the engine. */
  permissiveVariants(): string[];
}

export const probe: Probe = createRequire(import.meta.url)(probeFile());
