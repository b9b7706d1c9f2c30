/**
 * The proxy functions of the addon, on Windows only. A call goes to a thread of the package at once; the answer is a
 * message to one function per environment.
 */
import { abortErrorOf, onAbort, refusalOf } from '../abort-signal.ts';
import { BackendUnavailableError, WinwireError } from '../errors.ts';
import { loadNative } from '../native.ts';

/** The functions; also in native/binding/proxy_environment.h. */
export const ProxyFunction = {
  /** Answer: fAutoDetect, lpszAutoConfigUrl, lpszProxy, lpszProxyBypass. */
  GET_IE_PROXY_CONFIG_FOR_CURRENT_USER: 0,
  /** Answer: dwAccessType, lpszProxy, lpszProxyBypass. */
  GET_DEFAULT_PROXY_CONFIGURATION: 1,
  /** A {@link ScriptQuery}. Answer: the same three. */
  GET_PROXY_FOR_URL: 2,
  /** Answer: the URL. Its argument: flags. */
  DETECT_AUTO_PROXY_CONFIG_URL: 3,
  /**
   * A {@link ScriptQuery}, by WinHttpGetProxyForUrlEx where the system has it, else by WinHttpGetProxyForUrl. Answer: the
   * routes as a script writes them, or that of GET_PROXY_FOR_URL.
   */
  RESOLVE: 4,
  /** Answer: false where a policy gives all users the machine's settings. */
  GET_SETTINGS_PER_USER: 5,
} as const;
type ProxyFunction = (typeof ProxyFunction)[keyof typeof ProxyFunction];

/** The arguments of WinHttpGetProxyForUrl, in the addon's order. */
export type ScriptQuery = readonly [
  flags: number,
  autoDetectFlags: number,
  url: string,
  autoConfigUrl: string | undefined,
  autoLogonIfChallenged: boolean,
];

/** An answer of the addon: fields of a structure, `undefined` for a NULL string. */
export type NativeAnswer = readonly (number | boolean | string | undefined)[];

/** Result of `start` of the addon's `proxy`. `call` is a number chosen by the caller. */
interface ProxyFunctions {
  call(fn: ProxyFunction, call: number, ...args: readonly unknown[]): void;
  /** Drops a waiting call, ends one of WinHttpGetProxyForUrlEx, and ignores the answer of any other. */
  cancel(call: number): void;
  /** Starts messages about changes: a first one when all keys are watched. */
  watch(): void;
  /** Whether outstanding answers keep the process alive. Default false. */
  ref(referenced: boolean): void;
  /** Whether winhttp.dll is Wine's. */
  readonly isWine: boolean;
}

/** The first argument of the dispatch function; also in native/binding/outbox.h. */
const MessageKind = {
  /** call, values */
  RESULT: 0,
  /** call, HRESULT, syscall, description */
  FAILURE: 1,
  /** The settings in the registry may have changed. */
  CHANGED: 8,
} as const;

interface PendingCall {
  readonly resolve: (answer: NativeAnswer) => void;
  readonly reject: (error: Error) => void;
  /** Ends the wait for the signal. */
  readonly stop: (() => void) | undefined;
}

class ProxyChannel {
  readonly #native: ProxyFunctions;
  readonly #calls = new Map<number, PendingCall>();
  #lastCall = 0;
  readonly #listeners = new Set<() => void>();

  constructor() {
    const { proxy } = loadNative();
    if (!proxy) throw new BackendUnavailableError('system', 'this winwire.node has no proxy functions');
    this.#native = proxy.start((kind, call, ...values) => this.#dispatch(kind, call, values)) as ProxyFunctions;
  }

  call(fn: ProxyFunction, args: readonly unknown[], signal: AbortSignal | undefined): Promise<NativeAnswer> {
    return new Promise<NativeAnswer>((resolve, reject) => {
      const call = ++this.#lastCall;
      this.#native.call(fn, call, ...args);
      if (this.#calls.size === 0) this.#native.ref(true);
      const stop = signal && onAbort(signal, () => this.#cancel(call, abortErrorOf(signal)));
      this.#calls.set(call, { resolve, reject, stop });
    });
  }

  get isWine(): boolean {
    return this.#native.isWine;
  }

  watch(onChange: () => void): void {
    this.#native.watch();
    this.#listeners.add(onChange);
  }

  #cancel(call: number, error: Error): void {
    this.#take(call)?.reject(error);
    this.#native.cancel(call);
  }

  #take(call: number): PendingCall | undefined {
    const pending = this.#calls.get(call);
    if (this.#calls.delete(call) && this.#calls.size === 0) this.#native.ref(false);
    pending?.stop?.();
    return pending;
  }

  #dispatch(kind: number, call: number, values: readonly unknown[]): void {
    if (kind === MessageKind.RESULT) this.#take(call)?.resolve(values as NativeAnswer);
    else if (kind === MessageKind.FAILURE) this.#take(call)?.reject(failureFrom(values));
    else if (kind === MessageKind.CHANGED) for (const onChange of this.#listeners) onChange();
  }
}

function failureFrom([hresult, syscall, description]: readonly unknown[]): WinwireError {
  const detail = description === '' ? {} : { detail: String(description) };
  return new WinwireError(String(syscall), Number(hresult), detail);
}

let channel: ProxyChannel | undefined;

/** Returns the channel of this environment, created on first use. */
function openProxyChannel(): ProxyChannel {
  if (process.platform !== 'win32') throw new BackendUnavailableError('system', noProxyFunctions());
  channel ??= new ProxyChannel();
  return channel;
}

const noProxyFunctions = (): string =>
  `the proxy functions of winhttp.dll exist on Windows only, not ${process.platform}`;

/**
 * Calls a function of winhttp.dll on a thread of the package.
 *
 * @throws {BackendUnavailableError} elsewhere than on Windows
 * @throws {AbortError} when the signal aborts; Windows' own work then ends later
 * @throws {WinwireError}
 */
export async function callProxyFunction(
  fn: ProxyFunction,
  args: readonly unknown[],
  signal: AbortSignal | undefined,
): Promise<NativeAnswer> {
  const opened = openProxyChannel();
  const refusal = refusalOf(signal);
  if (refusal) throw refusal;
  return opened.call(fn, args, signal);
}

/**
 * Calls back when the proxy settings in the registry may have changed: for the first caller also when all keys are watched.
 *
 * @throws {BackendUnavailableError} elsewhere than on Windows
 */
export const watchProxySettings = (onChange: () => void): void => openProxyChannel().watch(onChange);

/**
 * Returns whether winhttp.dll is Wine's.
 *
 * @throws {BackendUnavailableError} elsewhere than on Windows
 */
export const isProxyResolverOfWine = (): boolean => openProxyChannel().isWine;
