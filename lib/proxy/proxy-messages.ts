/** The message of the channel `winwire:proxy:resolve`; docs/diagnostics.md. */
import type { ProxyTrace } from '../diagnostics/proxy-channels.ts';
import type { ProxyResolution } from './types.ts';

/** Of the TracingChannel `winwire:proxy:resolve`, which spans a look-up of `resolveProxy`. */
export type ProxyResolveTrace = ProxyTrace<ProxyResolution>;
