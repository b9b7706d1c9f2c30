/** What this process remembers of servers and proxies by their ports. */
import { forgetPeers } from '../auth/remembered.ts';
import { forgetFailures } from '../proxy/resolution.ts';
import { forgetClosers } from '../winhttp/portable/http-connection.ts';

/** For tests and comparisons, whose servers may have the ports of earlier ones. */
export function forgetServers(): void {
  forgetPeers();
  forgetFailures();
  forgetClosers();
}
