/** Who is compared: a backend of the package, or any implementation of the same shape. */

import type { BackendName } from '../backend.ts';
import { type BackendInfo, backends } from '../backends.ts';
import { invalidArgumentValue } from '../errors.ts';
import { websocketFunctions } from '../websocket/functions/websocket-functions.ts';
import type { WebSocketFunctions } from '../websocket/functions/websocket-types.ts';
import type { IWinHttpRequest } from '../winhttp/request/winhttp-interface.ts';
import { WinHttpRequest } from '../winhttp/request/winhttp-request.ts';
import type { WinHttpRequestCreateOptions } from '../winhttp/request/winhttp-types.ts';

/** What a subject can be compared in. */
export type Component = 'websocket' | 'winhttp';

/** Makes a request object. */
export type RequestFactory = (options?: WinHttpRequestCreateOptions) => IWinHttpRequest | Promise<IWinHttpRequest>;

/** What answers for one component. */
export interface Provider {
  /** Who made it: `Microsoft`, `Wine`, `stand-in`, `portable`, or the subject's name. */
  readonly provider: string;
  readonly version?: string | undefined;
  readonly file?: string | undefined;
  /** Why it cannot be asked; all else is undefined then. */
  readonly unavailable?: string | undefined;
}

/** An implementation to compare. */
export interface Subject {
  readonly name: string;
  /** The 13 functions, or those of them that it offers. */
  readonly websocket?: Partial<WebSocketFunctions> | undefined;
  /** Makes an object of the shape of IWinHttpRequest. */
  readonly createRequest?: RequestFactory | undefined;
  readonly providers: Readonly<Record<Component, Provider>>;
}

/**
 * An implementation of one's own: functions under the names of the 13 (all or some; `WebSocketFunctions`), a `websocket`
 * object that holds them, `createRequest` or a class `WinHttpRequest` with a static `create`, in any combination.
 */
export interface Implementation {
  readonly name?: string;
  readonly websocket?: object;
  readonly createRequest?: RequestFactory;
  readonly WinHttpRequest?: { create: RequestFactory };
}

/** What can be named as a subject: a backend, a {@link Subject}, or an {@link Implementation}. */
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
    providers: { websocket: providerOf(websocket[backend]), winhttp: providerOf(winhttp[backend]) },
  };
}

function isSubject(value: object): value is Subject {
  return 'providers' in value && 'name' in value;
}

/**
 * The subject that is meant. A backend that cannot serve is a subject that says so where it is asked.
 *
 * @throws {TypeError} for what offers neither a function of the 13 nor a request object.
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
  if (websocket === undefined && createRequest === undefined) {
    const message = `The subject ${called} offers none of the 13 functions of websocket.h, and no createRequest or WinHttpRequest.`;
    throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });
  }
  const offered = (what: unknown, words: string): Provider =>
    what === undefined ? { provider: called, unavailable: `${called} offers no ${words}` } : { provider: called };
  return {
    name: called,
    websocket,
    createRequest,
    providers: {
      websocket: offered(websocket, 'function of websocket.h'),
      winhttp: offered(createRequest, 'request object'),
    },
  };
}

function offersFunctions(websocket: object | undefined): boolean {
  const offered = (websocket ?? {}) as Partial<WebSocketFunctions>;
  return Object.keys(websocketFunctions).some((key) => typeof offered[key as keyof WebSocketFunctions] === 'function');
}

/** The subject that a module (a URL or path of one) exports, by name or as its default. */
export async function importSubject(specifier: string): Promise<Subject> {
  const module = (await import(specifier)) as { default?: unknown };
  const exported = module.default;
  // A class may be the default: of request objects.
  const isSubjectLike = (typeof exported === 'object' && exported !== null) || typeof exported === 'function';
  const given = isSubjectLike ? exported : module;
  const file = specifier.split(/[\\/]/).at(-1) as string;
  return subjectOf(given, (given as Implementation).name ?? file);
}
