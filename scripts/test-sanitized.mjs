// npm run test:sanitized [-- FILTER...]: builds the addon under AddressSanitizer and UndefinedBehaviorSanitizer and runs the
// suite, or the parts that are named, with it. On Linux, with GCC.
import { buildSanitized } from '../tools/native-build/sanitized.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { announce, inProject } from './lib/project.mjs';
import { exitCodeOf, main, Stop } from './lib/run.mjs';

// Tests of memory use or of crash stacks are meaningless here, and other programs are not instrumented.
const suites = [
  'test/websocket',
  'test/winhttp/request',
  'test/interop/ws.test.ts',
  'test/auth/auth-native.test.ts',
].concat(['closed', 'random-calls', 'reentrancy'].map((name) => `test/integrity/${name}.test.ts`));

main(async (args) => {
  if (process.platform !== 'linux') throw new Stop('npm run test:sanitized needs Linux and GCC');
  ensureReady();
  const env = { ...process.env, ...(await buildSanitized()) };
  announce('vitest with it');
  const vitest = inProject('node_modules/vitest/vitest.mjs');
  return exitCodeOf(process.execPath, [vitest, 'run', ...(args.length > 0 ? args : suites)], { env });
});
