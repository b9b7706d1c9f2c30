/** Sends calls of an environment's request objects to the addon's threads, and delivers the answers. */
import { BackendUnavailableError, WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import { failureFrom, MessageKind, startWinHttp, type WinHttpFunctions } from './winhttp-native.ts';

/** Describes the COM class of this machine. */
interface WinHttpClass {
  /** The module that contains it. */
  readonly file: string;
  /** Whether its objects have connection points. Wine's do not. */
  readonly hasEvents: boolean;
}

/** Receives the messages of a pending request; see {@link MessageKind}. */
export interface Receiver {
  message(kind: number, values: readonly unknown[]): void;
  /** A call of the object does not return; there are no further messages. */
  blocked(error: WinwireError): void;
}

/** The number of the call that probes the class. */
const PROBE = 0;

const CHECK_INTERVAL_MS = 1000;

interface PendingCall {
  /** The caller's number. */
  readonly id: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: WinwireError) => void;
}

export class Channel {
  readonly native: WinHttpFunctions;
  /**
   * A call that takes longer, in milliseconds, counts as blocked. Not limited are a synchronous Send and the wait for a
   * response, for which the object's time-outs apply.
   */
  callLimit = 30_000;
  readonly #calls = new Map<number, PendingCall>();
  readonly #receivers = new Map<number, Receiver>();
  #lastNumber = 0;
  #holds = 0;
  #class: Promise<WinHttpClass> | undefined;
  #isReady = false;
  #checks: NodeJS.Timeout | undefined;

  constructor() {
    this.native = startWinHttp((kind, id, ...values) => this.#dispatch(kind, id, values));
  }

  /** Whether the class was probed, so that objects can be created at once. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Probes the class once; call it first. Fails with BackendUnavailableError. */
  ready(): Promise<WinHttpClass> {
    this.#class ??= this.#probe();
    return this.#class;
  }

  nextNumber(): number {
    return ++this.#lastNumber;
  }

  /** Calls the object with this number and keeps the process alive until the answer. */
  call<T>(id: number, start: (call: number) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const call = this.nextNumber();
      start(call);
      this.#watch();
      this.#calls.set(call, { id, resolve: resolve as (value: unknown) => void, reject });
      this.hold();
    });
  }

  /** Sends messages for this number to the receiver, and keeps it referenced, until it is detached. */
  attach(id: number, receiver: Receiver): void {
    this.#watch();
    this.#receivers.set(id, receiver);
  }

  detach(id: number): void {
    this.#receivers.delete(id);
  }

  /** Keeps the process alive until the matching call of `release`. */
  hold(): void {
    if (this.#holds++ === 0) this.native.ref(true);
  }

  release(): void {
    if (--this.#holds === 0) this.native.ref(false);
  }

  async #probe(): Promise<WinHttpClass> {
    try {
      const found = await this.call<WinHttpClass>(PROBE, (call) => this.native.probe(call));
      this.#isReady = true;
      return found;
    } catch (error) {
      throw new BackendUnavailableError('system', (error as WinwireError).message);
    }
  }

  #dispatch(kind: number, id: number, values: unknown[]): void {
    if (kind === MessageKind.RESULT || kind === MessageKind.FAILURE) this.#settle(kind, id, values);
    else this.#receivers.get(id)?.message(kind, values);
  }

  #watch(): void {
    this.#checks ??= setInterval(() => this.#check(), CHECK_INTERVAL_MS).unref();
  }

  #check(): void {
    if (this.#calls.size + this.#receivers.size === 0) {
      clearInterval(this.#checks);
      this.#checks = undefined;
      return;
    }
    const blocked = this.native.check(this.callLimit);
    for (let i = 0; i < blocked.length; i += 2) this.#blocked(blocked[i] as number, blocked[i + 1] as string);
  }

  #blocked(id: number, syscall: string): void {
    const detail = `the call has not returned for ${this.callLimit / 1000} s`;
    const error = new WinwireError(syscall, HResult.ERROR_TIMEOUT, { detail });
    for (const [number, call] of this.#calls) {
      if (call.id !== id) continue;
      this.#calls.delete(number);
      this.release();
      call.reject(error);
    }
    this.#receivers.get(id)?.blocked(error);
  }

  #settle(kind: number, id: number, values: unknown[]): void {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    this.release();
    if (kind === MessageKind.FAILURE) call.reject(failureFrom(values[0], values[1], values[2]));
    else if (values.length > 1) call.resolve({ file: values[0], hasEvents: values[1] });
    else call.resolve(values[0]);
  }
}

let channel: Channel | undefined;

/** Returns the channel of this environment, created on first use. */
export function openChannel(): Channel {
  channel ??= new Channel();
  return channel;
}
