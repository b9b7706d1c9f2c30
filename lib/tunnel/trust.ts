/**
 * The roots of connections: those of Node.js, of the system, and of NODE_EXTRA_CA_CERTS, in one SecureContext that all
 * share. A `ca` for each connection would cost 7 to 27 ms on the event loop.
 */
import * as tls from 'node:tls';

type Kind = 'default' | 'system' | 'bundled' | 'extra';
// Node.js 22.15 and later; without it Node's default context has its own roots and NODE_EXTRA_CA_CERTS.
const { getCACertificates } = tls as { readonly getCACertificates?: (kind: Kind) => readonly string[] };

/** Whether this Node.js reads the system's roots. */
export const readsSystemRoots = getCACertificates !== undefined;

/** Options of node:tls that belong to a SecureContext. */
const CONTEXT_OPTIONS = [
  ...['ca', 'cert', 'ciphers', 'clientCertEngine', 'crl', 'dhparam', 'ecdhCurve', 'key', 'maxVersion', 'minVersion'],
  ...['passphrase', 'pfx', 'privateKeyEngine', 'privateKeyIdentifier', 'secureOptions', 'secureProtocol', 'sigalgs'],
] as const;

let shared: tls.SecureContext | undefined;
let sharedDefaults: readonly string[] | undefined;
const contexts = new WeakMap<tls.ConnectionOptions, tls.SecureContext>();

/** Returns the context for these options, the shared one if they set nothing of it. The same object gets the same context. */
export function secureContextOf(options: tls.ConnectionOptions): tls.SecureContext | undefined {
  if (options.secureContext !== undefined) return options.secureContext;
  const given = Object.fromEntries(
    CONTEXT_OPTIONS.map((name) => [name, (options as Readonly<Record<string, unknown>>)[name]]).filter(
      ([, value]) => value !== undefined,
    ),
  );
  if (Object.keys(given).length === 0) return sharedContext();
  let context = contexts.get(options);
  if (context === undefined) {
    context = tls.createSecureContext({ ...(options.ca === undefined && roots()), ...given });
    contexts.set(options, context);
  }
  return context;
}

/** Undefined if Node's default context has all roots that can be had. */
function sharedContext(): tls.SecureContext | undefined {
  if (getCACertificates === undefined) return undefined;
  // A program can replace the defaults with tls.setDefaultCACertificates.
  const defaults = getCACertificates('default');
  if (shared === undefined || defaults !== sharedDefaults) {
    shared = tls.createSecureContext(roots());
    sharedDefaults = defaults;
  }
  return shared;
}

function roots(): tls.SecureContextOptions {
  if (getCACertificates === undefined) return {};
  return { ca: [...new Set([...getCACertificates('default'), ...getCACertificates('system')])] };
}
