// Forgets what the files before this one in the process have taught about proxies and servers: those of this file may
// have the same ports. A set-up file of vitest.
import { forgetPeers } from '../../lib/auth/remembered.ts';
import { forgetFailures } from '../../lib/proxy/resolution.ts';

forgetPeers();
forgetFailures();
