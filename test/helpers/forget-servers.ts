// Forgets before each test what earlier ones in the process have taught about proxies and servers: its own may have the
// same ports. A set-up file of vitest.
import { beforeEach } from 'vitest';
import { forgetServers } from '../../lib/parity/forget-servers.ts';

beforeEach(forgetServers);
