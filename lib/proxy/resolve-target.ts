/** The order of sources: the caller's, the environment, then the machine's settings. */
import type { BackendName } from '../backend.ts';
import { shownUrl } from '../shown-text.ts';
import { askScript } from './answer-cache.ts';
import { isLocalTarget } from './bypass-list.ts';
import { environmentProxy } from './environment.ts';
import type { Lookup } from './lookup.ts';
import { portableResolver } from './portable-resolver.ts';
import { invalidSetting } from './proxy-errors.ts';
import { parseProxyMap } from './proxy-map.ts';
import type { ProxyResolver } from './proxy-resolver.ts';
import type { RequestTarget } from './request-target.ts';
import { directResolution, makeResolution, markRoute } from './resolution.ts';
import type { ParsedSource } from './resolve-options.ts';
import { resolveSettings, resolveStatic } from './resolve-settings.ts';
import type { ProxyResolution, ProxyRoute } from './types.ts';

/** Resolves by one source. */
export async function resolveTarget(lookup: Lookup, from: ParsedSource): Promise<ProxyResolution> {
  if (typeof from === 'object') {
    return 'settings' in from ? resolveStatic(lookup, from.settings, []) : resolveNamedScript(lookup, from.pac);
  }
  const resolver = await resolverOf(lookup.backend);
  if (from === 'system') return resolveSettings(lookup, resolver, []);
  const { resolution, warnings } = await resolveEnvironment(lookup, resolver, from);
  return resolution ?? resolveSettings(lookup, resolver, warnings);
}

const resolverOf = async (backend: BackendName): Promise<ProxyResolver> =>
  backend === 'system' ? (await import('./windows-resolver.ts')).windowsResolver : portableResolver;

/** Without a resolution the system's settings are used. */
interface EnvironmentResult {
  readonly resolution?: ProxyResolution;
  readonly warnings: ProxyResolution['warnings'];
}

async function resolveEnvironment(
  { target, note }: Lookup,
  resolver: ProxyResolver,
  from: 'environment' | 'environment-then-system',
): Promise<EnvironmentResult> {
  const { proxy, isExcluded, invalid } = environmentProxy(target, process.env);
  const warnings = invalid.map((name) => invalidSetting(`the environment variable ${name}`));
  const isLast = from === 'environment';
  if (isExcluded && (proxy || !isLast)) {
    note('environment', 'NO_PROXY names the host');
    return { resolution: directResolution('environment', 'bypass', warnings), warnings };
  }
  if (!proxy) {
    note('environment', `no proxy for ${target.scheme}:`);
    return { ...(isLast && { resolution: directResolution('none', 'none', warnings) }), warnings };
  }
  // If the variables equal the machine's settings, the settings' identity rules apply.
  const isNamedBySystem = !isLast && (await isSystemProxy(proxy.route, target, resolver));
  const routes = [markRoute(proxy, isNamedBySystem ? 'settings' : 'caller')];
  const resolution = makeResolution({ routes, source: 'environment', by: 'static', warnings });
  note('environment', String(resolution));
  return { resolution, warnings };
}

/** If the backend cannot read settings, the environment's proxy is still used. */
async function isSystemProxy(route: ProxyRoute, { scheme }: RequestTarget, resolver: ProxyResolver): Promise<boolean> {
  const { proxy = '' } = await resolver.readSettings().catch(() => ({ proxy: undefined }));
  const named = parseProxyMap(proxy)[scheme]?.route;
  const isServer = named !== undefined && named.kind !== 'direct' && route.kind !== 'direct';
  return isServer && named.host === route.host && named.port === route.port;
}

/** A failing script of the caller fails the call. */
async function resolveNamedScript({ target, backend, note }: Lookup, pac: URL): Promise<ProxyResolution> {
  const name = `PAC ${shownUrl(pac)}`;
  if (isLocalTarget(target)) {
    note(name, 'not asked: a local address is direct');
    return directResolution('option', 'bypass', []);
  }
  // winhttp.dll downloads by http: and https: only.
  const resolver = /^https?:$/.test(pac.protocol) ? await resolverOf(backend) : portableResolver;
  const answer = await askScript(resolver, { namedBy: 'caller', url: pac.href }, target);
  const routes = answer.routes.map((route) => markRoute({ route }, 'caller'));
  const resolution = makeResolution({ ...answer, routes, source: 'option', by: 'pac' });
  note(name, String(resolution));
  return resolution;
}
