// Which backends this machine can serve, so that one suite runs against each: `describe.each(availableBackends)`.

import type { BackendName } from '../../lib/backend.ts';
import { backends } from '../../lib/backends.ts';

/** The backends that can serve, `portable` first. */
export const availableBackends: readonly BackendName[] = (['portable', 'system'] as const).filter(
  (name) => backends().websocket[name].available,
);

/**
 * The backends for work that is long: each, but under Wine the stand-in DLL alone. It is the portable engine itself, and
 * as `portable` that engine does the same work on the system that runs Wine.
 */
export const backendsForLongWork: readonly BackendName[] =
  process.env.WINWIRE_LANE === 'wine' ? ['system'] : availableBackends;

/** The backends that can serve request objects: every Windows has the COM class. */
export const requestBackends: readonly BackendName[] =
  process.platform === 'win32' ? ['portable', 'system'] : ['portable'];

/** Client backend and server backend, every way round. */
export const backendPairs: readonly (readonly [client: BackendName, server: BackendName])[] = availableBackends.flatMap(
  (client) => availableBackends.map((server) => [client, server] as const),
);
