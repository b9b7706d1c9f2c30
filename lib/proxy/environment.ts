/** The proxies of the environment: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY. Source: Node.js, "Built-in Proxy Support". */
import { isExcluded } from './no-proxy.ts';
import type { RequestTarget } from './request-target.ts';
import { type ParsedProxy, parseProxy } from './route-text.ts';

/** The result for a target. */
export interface EnvironmentAnswer {
  /** `undefined` if no variable has a proxy for the scheme. */
  readonly proxy?: ParsedProxy;
  /** NO_PROXY excludes the target from every proxy, also the system's. */
  readonly isExcluded: boolean;
  /** Variables with an invalid value. */
  readonly invalid: readonly string[];
}

/** Reads the variables at each call, because programs change them. */
export function environmentProxy(target: RequestTarget, environment: NodeJS.ProcessEnv): EnvironmentAnswer {
  const names = target.scheme === 'https' ? ['HTTPS_PROXY', 'ALL_PROXY'] : ['HTTP_PROXY', 'ALL_PROXY'];
  const invalid: string[] = [];
  let proxy: ParsedProxy | undefined;
  for (const name of names) {
    const value = readVariable(name, environment);
    if (value === '' || proxy) continue;
    proxy = parseProxy(value);
    if (!proxy) invalid.push(name);
  }
  return {
    ...(proxy && { proxy }),
    isExcluded: isExcluded(target, readVariable('NO_PROXY', environment)),
    invalid,
  };
}

/** Lower case takes precedence. */
function readVariable(name: string, environment: NodeJS.ProcessEnv): string {
  // A CGI program gets the request's header `Proxy` as HTTP_PROXY (CVE-2016-5385, httpoxy); on Windows case is ignored.
  const isForged = name === 'HTTP_PROXY' && environment.REQUEST_METHOD !== undefined;
  const lower = isForged && process.platform === 'win32' ? '' : environment[name.toLowerCase()]?.trim();
  return lower || (isForged ? '' : (environment[name]?.trim() ?? ''));
}
