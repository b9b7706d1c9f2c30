// Compares ws with a backend of the package: npm run example -- parity-ws [--html FILE] [--left system]
import { builtInScenarios } from 'winwire/parity';
import { type CommandLine, type Main, runIfMain } from './lib/command-line.ts';
import { compare, options } from './parity/compare.ts';
import { wsFunctions } from './parity/ws-functions.ts';

export const COMMAND = {
  usage: 'parity-ws [options]',
  about: 'Compares ws, behind the 13 functions, with a backend of winwire, call by call.',
  options,
} as const satisfies CommandLine;

// The handshake is the adapter's, not that of ws, and it has no properties.
const scenarios = builtInScenarios.filter(
  ({ component, group }) => component === 'websocket' && group !== 'handshake' && group !== 'properties',
);

export const main: Main<typeof COMMAND> = async (values, _, terminal) => {
  await compare({ right: { name: 'ws', websocket: wsFunctions }, scenarios }, values, terminal);
  return 0;
};

await runIfMain(import.meta, COMMAND, main);
