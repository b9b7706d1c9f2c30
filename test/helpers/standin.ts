// The stand-in for the COM object under Wine (native/test/winhttp_standin): Wine's object with connection points, and
// all behaviours that Microsoft's documents leave open.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const built = (name: string) => fileURLToPath(new URL(`../../build/Release/${name}`, import.meta.url));

export interface WinHttpProbe {
  winHttpStatementIds(): string[];
  runStatement(id: string, backend: string): void;
  activateStandin(manifest: string): void;
}

/** The native probe, if there is COM. */
export const winHttpProbe: WinHttpProbe | undefined =
  process.platform === 'win32' ? createRequire(import.meta.url)(built('winwire_probe.node')) : undefined;

export const isWine = process.env.WINWIRE_LANE === 'wine';

/** Replaces Wine's object with the stand-in, in this process and its new threads. */
export function activateStandin(): void {
  winHttpProbe?.activateStandin(built('winhttp_standin.manifest'));
}

/** The stand-in's behaviour in each mode. Modes can be joined by `+`. */
export const standinModes: Readonly<Record<string, string>> = {
  'late-abort': 'OnError with 12017 some time after an Abort or Open that cancels, as without a mode',
  'quiet-abort': 'no OnError after an Abort or Open that cancels',
  'prompt-abort': 'OnError before that Abort or Open returns',
  'late-response': 'all events of a response after the Abort or Open that cancelled its request',
  'blocking-abort': 'Abort blocks, and during a body until the server sends or closes',
  'cancelled-timeouts': 'time-outs are reported as 12017 (KB 839872)',
  'foreign-thread': 'events on a thread of the multi-threaded apartment',
  'no-container': 'no IConnectionPointContainer',
  'no-point': 'FindConnectionPoint fails',
  'no-advise': 'Advise fails',
  'late-no-advise': 'Advise fails, but for the first object of the process',
  'no-data': 'OnResponseFinished without OnResponseDataAvailable',
  'whole-data': 'OnResponseDataAvailable once, with the whole body',
  'small-data': 'OnResponseDataAvailable with 1,000 bytes at most',
  'mute-sync': 'no events during a synchronous Send',
  deaf: 'a synchronous Send and WaitForResponse dispatch no messages',
  'wait-early': 'WaitForResponse does not wait',
  'wait-late': 'WaitForResponse waits half a second too long',
  'pending-getters': 'E_PENDING from getters while the request is under way',
  'plain-headers': 'GetAllResponseHeaders without a status line',
  'strict-length': 'a body that ends before its Content-Length is a failure',
};

/** Runs of the suites, and their purposes: those of `npm run test:windows` first. */
const DEFAULT_RUNS = [
  'quiet-abort+foreign-thread+strict-length+plain-headers',
  'late-response+small-data+pending-getters',
];
const FURTHER_RUNS = [
  'late-abort',
  'prompt-abort+whole-data',
  'blocking-abort+mute-sync+deaf',
  'cancelled-timeouts+no-data',
  'no-container+wait-early',
  'no-point+wait-late',
  'no-advise',
  'late-no-advise',
];

/** Returns the runs of WINWIRE_STANDIN: `default`, `all`, or modes, with `,` between runs and `+` between modes. */
export function standinRuns(named: string | undefined): readonly string[] {
  if (named === undefined || named === '') return [];
  if (named === 'default') return DEFAULT_RUNS;
  if (named === 'all') return [...DEFAULT_RUNS, ...FURTHER_RUNS];
  return named.split(',');
}
