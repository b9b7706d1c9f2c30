/**
 * Tokens of SSPI (Windows) and GSSAPI (elsewhere), made by the addon. Each call runs on a thread of the package, because
 * a domain controller or a smart card can take seconds; at most four run at once. No call asks for delegation.
 */
import { abortErrorOf, onAbort, refusalOf } from '../abort-signal.ts';
import { HResult } from '../hresult.ts';
import { loadNative } from '../native.ts';
import { startLimit } from '../time-limit.ts';
import { MechanismError, type MechanismErrorCode } from './mechanism-error.ts';

/**
 * The mechanism of a context. `'Negotiate'` is SPNEGO with Kerberos, or NTLM if the system has it; `'Kerberos'` is
 * SPNEGO without NTLM; `'NTLM'` is NTLM without SPNEGO. Sources: RFC 4178; Microsoft, "Microsoft Negotiate".
 */
export type AuthPackage = 'Negotiate' | 'Kerberos' | 'NTLM';

/** A user with a password. */
export interface PasswordCredentials {
  /** Without a domain: `user`, or `user@REALM`. */
  readonly username: string;
  readonly password: string;
  /** The domain of Windows, or the Kerberos realm as the KDC spells it. */
  readonly domain?: string | undefined;
}

/** What a context is for. */
export interface AuthContextOptions {
  readonly package: AuthPackage;
  /** The service name `HTTP/<host>`: no port, no brackets. GSSAPI gets it as a host-based service. */
  readonly service: string;
  /** Default: those of the logged-on user. */
  readonly credentials?: PasswordCredentials | undefined;
  /** The application data of the channel binding: `tls-server-end-point:` and the hash. Source: RFC 5929 section 4. */
  readonly channelBinding?: Uint8Array | undefined;
}

/** How long to wait for a call. */
export interface AuthWaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds, default 30,000. */
  readonly timeout?: number | undefined;
}

/** The result of a step. */
export interface AuthStep {
  /** The token for the peer; empty if the mechanism has nothing to send. */
  readonly token: Buffer;
  /** Whether the mechanism needs no further token. With mutual authentication the peer has then proved its identity. */
  readonly done: boolean;
}

/** One authentication with one peer. Close it; a context that is garbage-collected is closed too. */
export interface AuthContext extends Disposable {
  /**
   * The name of its credential: `user@REALM` (Kerberos) or `DOMAIN\user`. Read when the context is opened and with each
   * step, since the mechanism can choose the credential by the service. Undefined if the mechanism does not tell.
   */
  readonly identity: string | undefined;
  /**
   * Makes the next token: first without one, then with the peer's. One step at a time. A step that fails, is aborted or
   * times out closes the context.
   *
   * @throws {MechanismError}
   * @throws {AbortError} when the signal aborts
   * @throws {TypeError} ERR_INVALID_HANDLE if the context is closed, or another step has not ended
   */
  step(token?: Uint8Array, options?: AuthWaitOptions): Promise<AuthStep>;
  close(): void;
}

/** The numbers of packages; also in native/auth/mechanism.h. */
const PACKAGES = { Negotiate: 0, Kerberos: 1, NTLM: 2 } as const;

/** Result of `start` of the addon's `auth`. `call` is a number chosen by the caller. */
interface AuthFunctions {
  /** Answer: context, identity as UTF-8 or undefined. */
  open(
    call: number,
    authPackage: number,
    service: string,
    channelBinding: Uint8Array | undefined,
    username: string | undefined,
    password: string | undefined,
    domain: string | undefined,
  ): void;
  /** Answer: token, done, identity as UTF-8 or undefined. */
  step(call: number, context: number, token: Uint8Array | undefined): void;
  /** Frees the context, after its running step if there is one. Ignores unknown numbers. */
  close(context: number): void;
  /** Answer: identity of the default credentials as UTF-8, or undefined. */
  identity(call: number, authPackage: number): void;
  /** Drops a waiting call, and lets another one run in place of a running one, whose answer is still delivered. */
  cancel(call: number): void;
  /** Whether outstanding answers keep the process alive. Default false. */
  ref(referenced: boolean): void;
}

/** The first argument of the dispatch function; also in native/binding/outbox.h. */
const MessageKind = {
  /** call, values */
  RESULT: 0,
  /** call, SECURITY_STATUS, syscall and text as UTF-8, reason; for GSSAPI major and minor */
  FAILURE: 1,
} as const;

interface PendingCall {
  readonly service: string;
  readonly resolve: (values: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
  /** Ends the waits for the signal and the time limit. */
  stop(): void;
}

const DEFAULT_TIMEOUT = 30_000;

class AuthChannel {
  readonly #native: AuthFunctions;
  readonly #calls = new Map<number, PendingCall>();
  #lastCall = 0;

  constructor() {
    const { auth } = loadNative();
    if (!auth) throw noAddon();
    this.#native = auth.start((kind, call, ...values) => this.#dispatch(kind, call, values)) as AuthFunctions;
  }

  /** Calls a function of the addon; `service` is for error texts. */
  call(
    service: string,
    { signal, timeout = DEFAULT_TIMEOUT }: AuthWaitOptions,
    start: (native: AuthFunctions, call: number) => void,
  ): Promise<readonly unknown[]> {
    const refusal = refusalOf(signal);
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const call = ++this.#lastCall;
      start(this.#native, call);
      if (this.#calls.size === 0) this.#native.ref(true);
      const timer = startLimit(timeout, () => this.#cancel(call, timeoutError(service, timeout)));
      const ignore = signal && onAbort(signal, () => this.#cancel(call, abortErrorOf(signal)));
      const stop = () => {
        clearTimeout(timer);
        ignore?.();
      };
      this.#calls.set(call, { service, resolve, reject, stop });
    });
  }

  close(context: number): void {
    this.#native.close(context);
  }

  #cancel(call: number, error: Error): void {
    this.#take(call)?.reject(error);
    this.#native.cancel(call);
  }

  #take(call: number): PendingCall | undefined {
    const pending = this.#calls.get(call);
    if (this.#calls.delete(call) && this.#calls.size === 0) this.#native.ref(false);
    pending?.stop();
    return pending;
  }

  #dispatch(kind: number, call: number, values: readonly unknown[]): void {
    const pending = this.#take(call);
    if (kind === MessageKind.FAILURE) pending?.reject(failureFrom(pending.service, values));
    else if (pending) pending.resolve(values);
    // The context of a call that was cancelled; only `open` answers with a number first.
    else if (typeof values[0] === 'number') this.close(values[0]);
  }
}

/** By the number of `Reason` in native/auth/mechanism.h: the code, and what to say. */
const REASONS: readonly (readonly [code: MechanismErrorCode, say: (service: string) => string])[] = [
  ['ERR_WINWIRE_AUTH_MECHANISM', (service) => `no token for ${service}`],
  ['ERR_WINWIRE_AUTH_NO_TICKET', (service) => `no ticket of the logged-on user for ${service}`],
  ['ERR_WINWIRE_AUTH_NO_MECHANISM', () => 'the system does not have this mechanism'],
  ['ERR_WINWIRE_AUTH_CLOCK_SKEW', () => 'the clocks of this machine and of the domain differ too much'],
  ['ERR_WINWIRE_AUTH_UNKNOWN_SERVICE', (service) => `the domain does not know the service ${service}`],
  ['ERR_WINWIRE_AUTH_PASSWORD_EXPIRED', () => 'the password has expired or must be changed'],
  ['ERR_WINWIRE_AUTH_REJECTED', () => 'the user name or the password is wrong'],
  ['ERR_WINWIRE_AUTH_KDC_UNREACHABLE', (service) => `no domain controller (KDC) answers for ${service}`],
  ['ERR_WINWIRE_AUTH_WRONG_TOKEN', (service) => `the token of ${service} is wrong`],
];

const SYSCALL = process.platform === 'win32' ? 'InitializeSecurityContext' : 'gss_init_sec_context';

function failureFrom(service: string, values: readonly unknown[]): MechanismError {
  const [hresult, syscall, text, reason, major, minor] = values;
  const [code, say] = REASONS[Number(reason)] ?? (REASONS[0] as (typeof REASONS)[number]);
  return new MechanismError(code, say(service), {
    syscall: String(syscall),
    hresult: Number(hresult),
    text: String(text),
    ...(major === undefined ? {} : { status: { major: Number(major), minor: Number(minor) } }),
  });
}

function timeoutError(service: string, timeout: number): MechanismError {
  const what = `no answer for ${service} within ${timeout} ms`;
  return new MechanismError('ERR_WINWIRE_AUTH_TIMEOUT', what, {
    syscall: SYSCALL,
    hresult: HResult.ERROR_TIMEOUT,
    text: '',
  });
}

function noAddon(): MechanismError {
  return new MechanismError('ERR_WINWIRE_AUTH_NO_MECHANISM', 'this winwire.node has no authentication', {
    syscall: SYSCALL,
    hresult: HResult.ERROR_NOT_SUPPORTED,
    text: '',
  });
}

let channel: AuthChannel | undefined;

/** Returns the channel of this environment, created on first use. */
function openAuthChannel(): AuthChannel {
  channel ??= new AuthChannel();
  return channel;
}

const forgotten = new FinalizationRegistry<number>((context) => openAuthChannel().close(context));

class NativeAuthContext implements AuthContext {
  #context: number | undefined;
  readonly #service: string;
  #identity: string | undefined;
  #isBusy = false;

  constructor(context: number, identity: string | undefined, service: string) {
    this.#context = context;
    this.#identity = identity;
    this.#service = service;
    forgotten.register(this, context, this);
  }

  get identity(): string | undefined {
    return this.#identity;
  }

  async step(token?: Uint8Array, options: AuthWaitOptions = {}): Promise<AuthStep> {
    const context = this.#context;
    if (context === undefined) throw invalidContext('The context is closed.');
    if (this.#isBusy) throw invalidContext('Wait until the previous step of the context has ended.');
    this.#isBusy = true;
    try {
      const values = await openAuthChannel().call(this.#service, options, (native, call) =>
        native.step(call, context, token),
      );
      const [answer, done, identity] = values as [Buffer, boolean, Buffer | undefined];
      this.#identity = identity?.toString() ?? this.#identity;
      return { token: answer, done };
    } catch (error) {
      this.close();
      throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  close(): void {
    const context = this.#context;
    if (context === undefined) return;
    this.#context = undefined;
    forgotten.unregister(this);
    openAuthChannel().close(context);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const invalidContext = (text: string): TypeError =>
  Object.assign(new TypeError(text), { code: 'ERR_INVALID_HANDLE' as const });

/**
 * Acquires credentials and opens a context with them; no token is made yet. Its tokens ask for mutual authentication,
 * never for delegation.
 *
 * @throws {MechanismError}
 * @throws {AbortError} when the signal aborts
 */
export async function openContext(options: AuthContextOptions, wait: AuthWaitOptions = {}): Promise<AuthContext> {
  const { service, channelBinding, credentials } = options;
  const { username, password, domain } = credentials ?? {};
  const values = await openAuthChannel().call(service, wait, (native, call) =>
    native.open(call, PACKAGES[options.package], service, channelBinding, username, password, domain),
  );
  const [context, identity] = values as [number, Buffer | undefined];
  return new NativeAuthContext(context, identity?.toString(), service);
}

/**
 * Reads the name of the logged-on user's default credential anew: `kinit` as another user changes it.
 *
 * @throws {MechanismError} ERR_WINWIRE_AUTH_NO_TICKET if there is none
 * @throws {AbortError} when the signal aborts
 */
export async function readIdentity(authPackage: AuthPackage, wait: AuthWaitOptions = {}): Promise<string | undefined> {
  const values = await openAuthChannel().call('the default credentials', wait, (native, call) =>
    native.identity(call, PACKAGES[authPackage]),
  );
  return (values[0] as Buffer | undefined)?.toString();
}
