// node scripts/system-packages.mjs PURPOSE...: installs the Debian packages for build, lint, windows, auth, sanitizers.
import { main } from './lib/run.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';

main((purposes) => ensureSystemPackages(...purposes));
