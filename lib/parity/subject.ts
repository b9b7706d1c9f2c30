/** The subjects of a comparison: a backend of the package, or any implementation of the same shape. */

import type { BackendName } from '../backend.ts';
import { type BackendInfo, backends } from '../backends.ts';
import { invalidArgumentValue } from '../errors.ts';
import { resolveProxy } from '../proxy/resolve-proxy.ts';
import { websocketFunctions } from '../websocket/functions/websocket-functions.ts';
import type { WebSocketFunctions } from '../websocket/functions/websocket-types.ts';
import type { IWinHttpRequest } from '../winhttp/request/winhttp-interface.ts';
import { WinHttpRequest } from '../winhttp/request/winhttp-request.ts';
import type { WinHttpRequestCreateOptions } from '../winhttp/request/winhttp-types.ts';
import type { ProxyQuery } from './proxy-stage.ts';

/** The part of a subject that is compared. */
export type Component = 'websocket' | 'winhttp' | 'proxy';

/** Display names of the components. */
export const COMPONENT_NAMES: Readonly<Record<Component, string>> = {
  websocket: 'WebSocket',
  winhttp: 'WinHttpRequest',
  proxy: 'resolveProxy',
};

/** Creates a request object. */
export type RequestFactory = (options?: WinHttpRequestCreateOptions) => IWinHttpRequest | Promise<IWinHttpRequest>;

/**
 * Resolves the proxies of a URL. Returns a resolution, or the routes as a PAC script writes them: `PROXY a:8080; DIRECT`.
 * `signal` aborts when the scenario ends.
 */
export type ResolveProxies = (
  url: string,
  options: { readonly from: ProxyQuery; readonly signal: AbortSignal },
) => unknown;

/** The provider of one component. */
export interface Provider {
  /** The maker: `Microsoft`, `Wine`, `stand-in`, `portable`, or the subject's name. */
  readonly provider: string;
  readonly version?: string | undefined;
  readonly file?: string | undefined;
  /** Why it is not available; then all other fields are undefined. */
  readonly unavailable?: string | undefined;
}

/** An implementation to compare. */
export interface Subject {
  readonly name: string;
  /** The 13 functions, or some of them. */
  readonly websocket?: Partial<WebSocketFunctions> | undefined;
  /** Creates an object of the shape of IWinHttpRequest. */
  readonly createRequest?: RequestFactory | undefined;
  readonly resolveProxy?: ResolveProxies | undefined;
  readonly providers: Readonly<Record<Component, Provider>>;
}

/**
 * A custom implementation: functions with the names of the 13 (all or some; `WebSocketFunctions`), a `websocket` object
 * that contains them, `createRequest` or a class `WinHttpRequest` with a static `create`, `resolveProxy`, in any
 * combination.
 */
export interface Implementation {
  readonly name?: string;
  readonly websocket?: object;
  readonly createRequest?: RequestFactory;
  readonly WinHttpRequest?: { create: RequestFactory };
  readonly resolveProxy?: ResolveProxies;
}

/** Values accepted as a subject: a backend, a {@link Subject}, or an {@link Implementation}. */
export type SubjectLike = BackendName | Subject | Implementation | object;

function providerOf({ available, provider, version, file, reason }: BackendInfo): Provider {
  if (!available) return { provider: provider ?? 'none', unavailable: reason ?? 'no reason is known' };
  return { provider: provider ?? 'unknown', version, file };
}

function backendSubject(backend: BackendName): Subject {
  const { websocket, winhttp } = backends();
  const functions = websocketFunctions;
  return {
    name: backend,
    websocket: {
      ...functions,
      WebSocketCreateClientHandle: (properties) => functions.WebSocketCreateClientHandle(properties, { backend }),
      WebSocketCreateServerHandle: (properties) => functions.WebSocketCreateServerHandle(properties, { backend }),
      WebSocketGetGlobalProperty: (type) => functions.WebSocketGetGlobalProperty(type, { backend }),
    },
    createRequest: (options) => WinHttpRequest.create({ ...options, backend }),
    // The scenario has the time limit.
    resolveProxy: (url, options) => resolveProxy(url, { ...options, backend, timeout: Number.POSITIVE_INFINITY }),
    providers: {
      websocket: providerOf(websocket[backend]),
      winhttp: providerOf(winhttp[backend]),
      // winhttp.dll has the request object and runs PAC scripts.
      proxy: providerOf(winhttp[backend]),
    },
  };
}

function isSubject(value: object): value is Subject {
  return 'providers' in value && 'name' in value;
}

/**
 * Returns the subject. A backend that is not available is a subject that reports this when it is used.
 *
 * @throws {TypeError} for a value without any of the 13 functions, request objects and `resolveProxy`.
 */
export function subjectOf(like: SubjectLike, name?: string): Subject {
  if (like === 'system' || like === 'portable') return backendSubject(like);
  if ((typeof like !== 'object' && typeof like !== 'function') || like === null) {
    throw invalidArgumentValue('subject', "'system', 'portable' or an implementation", like);
  }
  if (isSubject(like)) return like;
  const given = like as Implementation;
  const called = name ?? (typeof given.name === 'string' && given.name !== '' ? given.name : 'implementation');
  const websocket = [given.websocket, like].find(offersFunctions);
  const maker = given.WinHttpRequest ?? (typeof like === 'function' && 'create' in like ? (like as never) : undefined);
  const create = given.createRequest ?? maker?.create?.bind(maker);
  const createRequest = typeof create === 'function' ? create : undefined;
  const resolve = typeof given.resolveProxy === 'function' ? given.resolveProxy.bind(given) : undefined;
  if (websocket === undefined && createRequest === undefined && resolve === undefined) {
    const message = `The subject ${called} offers none of the 13 functions of websocket.h, and no createRequest, WinHttpRequest or resolveProxy.`;
    throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });
  }
  const offered = (what: unknown, words: string): Provider =>
    what === undefined ? { provider: called, unavailable: `${called} offers no ${words}` } : { provider: called };
  return {
    name: called,
    websocket,
    createRequest,
    resolveProxy: resolve,
    providers: {
      websocket: offered(websocket, 'function of websocket.h'),
      winhttp: offered(createRequest, 'request object'),
      proxy: offered(resolve, 'resolveProxy'),
    },
  };
}

function offersFunctions(websocket: object | undefined): boolean {
  const offered = (websocket ?? {}) as Partial<WebSocketFunctions>;
  return Object.keys(websocketFunctions).some((key) => typeof offered[key as keyof WebSocketFunctions] === 'function');
}

/** Imports the subject that a module (URL or path) exports, by name or as default. */
export async function importSubject(specifier: string): Promise<Subject> {
  const module = (await import(specifier)) as { default?: unknown };
  const exported = module.default;
  // The default export may be a class of request objects.
  const isSubjectLike = (typeof exported === 'object' && exported !== null) || typeof exported === 'function';
  const given = isSubjectLike ? exported : module;
  const file = specifier.split(/[\\/]/).at(-1) as string;
  return subjectOf(given, (given as Implementation).name ?? file);
}
