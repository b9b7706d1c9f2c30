// npm run test:auth: the suites of test/auth, with those of test/auth/real against a KDC, Apache and squid, which it starts
// on loopback; on Linux.
//   --portable  only in this Node, by GSSAPI
//   --sanitized only in this Node, with the addon under AddressSanitizer and UndefinedBehaviorSanitizer
//   --windows   only in Windows' node.exe under Wine, by SSPI
// Other arguments go to vitest.
import { buildSanitized } from '../tools/native-build/sanitized.mjs';
import { withRealm } from '../tools/realm/realm.mjs';
import { ensureWindowsLane } from '../tools/windows/lane.mjs';
import { runWindowsVitest } from '../tools/windows/wine-vitest.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { ensureBun } from './lib/package-project.mjs';
import { announce } from './lib/project.mjs';
import { main, Stop } from './lib/run.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';
import { runVitest } from './lib/vitest.mjs';

const LANES = ['--portable', '--windows', '--sanitized'];
const DEFAULT_LANES = ['--portable', '--windows'];

main(async (words) => {
  if (process.platform !== 'linux') throw new Stop('npm run test:auth needs Debian or Ubuntu');
  const chosen = LANES.filter((lane) => words.includes(lane));
  const [portable, windows, sanitized] = LANES.map((lane) =>
    (chosen.length > 0 ? chosen : DEFAULT_LANES).includes(lane),
  );
  const args = vitestArguments(words.filter((word) => !LANES.includes(word)));
  ensureSystemPackages('auth');
  ensureReady();
  const sanitizedEnv = sanitized ? await buildSanitized() : undefined;
  const lane = windows ? ensureWindowsLane({ node: 'newest' }) : undefined;
  announce('starting KDCs, Apache and squid on loopback');
  return withRealm(async (env) => {
    const codes = [];
    if (portable) codes.push(await runPortable(args, env));
    if (sanitizedEnv) codes.push(await runPortable(args, { ...env, ...sanitizedEnv }, 'auth-sanitized'));
    if (lane) codes.push(await runUnderWine(lane, args, env));
    return codes.find((code) => code !== 0) ?? 0;
  });
});

/** The suites log users on and off: one file at a time. */
function vitestArguments(words) {
  const namesFiles = words.some((word) => word.startsWith('test/'));
  return [
    '--project=all',
    '--project=own process',
    '--no-file-parallelism',
    ...(namesFiles ? [] : ['test/auth']),
    ...words,
  ];
}

function runPortable(args, env, name = 'auth') {
  announce(`vitest with GSSAPI: ${name}`);
  const bun = ensureBun();
  return runVitest(args, { name, env: { ...process.env, ...env, ...(bun && { WINWIRE_AUTH_BUN: bun }) } });
}

function runUnderWine({ wine, nodes: [version] }, args, env) {
  announce(`vitest in node.exe ${version} under Wine ${wine.major} with SSPI`);
  return runWindowsVitest(wine, version, args, { name: `wine${wine.major}-auth-node${version}`, env });
}
