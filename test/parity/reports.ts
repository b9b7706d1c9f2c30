// Reports for the tests of the renderers.
import {
  builtInScenarios,
  compareSubjects,
  type KnownDifference,
  type ParityReport,
  websocketScenarios,
} from '../../lib/parity.ts';
import { faults } from './faults.ts';

const MARKUP = `a "title" with <markup> & 'marks' \u001b[31m\u0000`;

const known: KnownDifference = {
  scenario: 'ping-longest',
  provider: 'faulty',
  reason: 'its pongs are a byte short',
  steps: ['WebSocketGetAction', 'WebSocketCompleteAction'],
};

/** Returns a report with every verdict, and a title with markup. */
export function everyVerdict(): Promise<ParityReport> {
  const fault = faults.find(({ what }) => what.startsWith('a pong loses')) as (typeof faults)[number];
  const own = websocketScenarios('own', { own: [MARKUP, (t) => void t.create('client')] });
  return compareSubjects({
    left: 'portable',
    right: { name: 'faulty', websocket: fault.functions },
    scenarios: [...builtInScenarios.filter(({ id }) => /^ping-(answered|longest)$|^read-new$/.test(id)), ...own],
    knownDifferences: [known],
  });
}
