/**
 * The program of the worker that runs PAC scripts. The build of the package replaces this module by the program as a
 * string.
 */
import { readFileSync } from 'node:fs';

/** The program of a checkout, built by `npm run build`. */
export const pacRuntime = (): string => readFileSync(new URL('../../build/pac-worker.cjs', import.meta.url), 'utf8');
