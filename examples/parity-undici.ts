// Compares undici with a backend of the package: npm run example -- parity-undici [--html FILE] [--left system]
import { builtInScenarios } from 'winwire/parity';
import { type CommandLine, type Main, runIfMain } from './lib/command-line.ts';
import { compare, options } from './parity/compare.ts';
import { createUndiciRequest } from './parity/undici-request.ts';

export const COMMAND = {
  usage: 'parity-undici [options]',
  about: 'Compares undici, as a request object, with a backend of winwire, call by call.',
  options,
} as const satisfies CommandLine;

const scenarios = builtInScenarios.filter(({ component }) => component === 'winhttp');

export const main: Main<typeof COMMAND> = async (values, _, terminal) => {
  await compare({ right: { name: 'undici', createRequest: createUndiciRequest }, scenarios }, values, terminal);
  return 0;
};

await runIfMain(import.meta, COMMAND, main);
