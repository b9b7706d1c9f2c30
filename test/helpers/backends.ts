// The backends of this machine, so that one suite runs with each: `describe.each(availableBackends)`.

import type { BackendName } from '../../lib/backend.ts';
import { backends } from '../../lib/backends.ts';

/** The available backends, `portable` first. */
export const availableBackends: readonly BackendName[] = (['portable', 'system'] as const).filter(
  (name) => backends().websocket[name].available,
);

/**
 * The backends for long tests: all, but under Wine only the stand-in DLL. It is the portable engine, which the suite of
 * the host system already tests as `portable`.
 */
export const backendsForLongWork: readonly BackendName[] =
  process.env.WINWIRE_LANE === 'wine' ? ['system'] : availableBackends;

/** The backends for request objects: every Windows has the COM class. */
export const requestBackends: readonly BackendName[] =
  process.platform === 'win32' ? ['portable', 'system'] : ['portable'];

/** All pairs of client backend and server backend. */
export const backendPairs: readonly (readonly [client: BackendName, server: BackendName])[] = availableBackends.flatMap(
  (client) => availableBackends.map((server) => [client, server] as const),
);
