/** The request object of the backend `system`: the COM object. */
import type { Readable } from 'node:stream';
import type { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import type {
  AsyncMode,
  ClientCertificate,
  CreateRequestObject,
  OptionValue,
  RequestBody,
  RequestObject,
  RequestObjectOptions,
  RequestSink,
} from '../request-object.ts';
import { failureOf } from '../winhttp-errors.ts';
import { type Channel, openChannel } from './com-channel.ts';
import { ResponseReadable } from './response-stream.ts';
import { failureFrom, Member, type MemberArgument, MessageKind, type NativeObject } from './winhttp-native.ts';

export { executeSystem } from './system-execute.ts';

/** Creates a request object of the system's class. */
export const createSystemObject: CreateRequestObject = async (options, sink) => {
  const channel = openChannel();
  await channel.ready();
  const object = new SystemObject(channel, options, sink);
  await object.create();
  return object;
};

/** The head of a complete response. */
interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: string;
}

class SystemObject implements RequestObject {
  readonly backend = 'system';
  readonly #channel: Channel;
  readonly #sink: RequestSink;
  readonly #id: number;
  readonly #native: NativeObject;
  #head: ResponseHead | undefined;
  /** The number of the pending request. */
  #generation: number | undefined;
  readonly #nativeSync: boolean;
  #isReferenced = true;
  #closed: Promise<void> | undefined;

  constructor(channel: Channel, options: RequestObjectOptions, sink: RequestSink) {
    this.#channel = channel;
    this.#sink = sink;
    this.#nativeSync = options.nativeSync;
    this.#id = channel.nextNumber();
    this.#native = channel.native.createRequest(this.#id, options.nativeSync);
  }

  create(): Promise<void> {
    return this.#call(Member.CREATE);
  }

  setProxy(setting: number, server: string | undefined, bypass: string | undefined): Promise<void> {
    return this.#call(Member.SET_PROXY, setting, server, bypass);
  }

  setCredentials(userName: string | null, password: string | null, target: number): Promise<void> {
    return this.#call(Member.SET_CREDENTIALS, userName, password, target);
  }

  async open(method: string | null, url: string | null, mode: AsyncMode): Promise<void> {
    try {
      await this.#call(Member.OPEN, method, url, mode);
    } catch (error) {
      if (!this.#closed) this.#channel.native.settleOpen(this.#native, false);
      throw error;
    }
    if (this.#closed) return;
    this.#channel.native.settleOpen(this.#native, true);
    this.#forget();
  }

  setRequestHeader(header: string | null, value: string | null): Promise<void> {
    return this.#call(Member.SET_REQUEST_HEADER, header, value);
  }

  getResponseHeader(header: string | null): Promise<string> {
    return this.#call(Member.GET_RESPONSE_HEADER, header);
  }

  async getAllResponseHeaders(): Promise<string> {
    return this.#head?.headers ?? this.#call(Member.GET_ALL_RESPONSE_HEADERS);
  }

  // Resolves when the request is on its way to the thread: a Send that COM rejects is reported like any other failure.
  async send(body: RequestBody, generation: number): Promise<void> {
    this.#forget();
    this.#generation = generation;
    this.#channel.attach(this.#id, this);
    if (this.#isReferenced) this.#channel.hold();
    const send = () => this.#channel.native.send(this.#native, generation, body);
    if (!this.#nativeSync) return send();
    // A blocked synchronous Send gets no messages, so an abort in this turn must come first.
    setImmediate(() => {
      if (this.#generation !== generation) return;
      try {
        send();
      } catch (error) {
        this.#fail(error as WinwireError);
      }
    });
  }

  async status(): Promise<number> {
    return this.#head?.status ?? this.#call(Member.STATUS);
  }

  async statusText(): Promise<string> {
    return this.#head?.statusText ?? this.#call(Member.STATUS_TEXT);
  }

  responseText(limit: number): Promise<string> {
    return this.#call(Member.RESPONSE_TEXT, limit);
  }

  responseBody(limit: number): Promise<Buffer> {
    return this.#call(Member.RESPONSE_BODY, limit);
  }

  async responseStream(): Promise<Readable> {
    let opened: [number, NativeObject] | undefined;
    await this.#channel.call(this.#id, (call) => {
      opened = [call, this.#channel.native.openStream(this.#native, call)];
    });
    return new ResponseReadable(this.#channel, ...(opened as [number, NativeObject]));
  }

  getOption(option: number): Promise<OptionValue> {
    return this.#call(Member.GET_OPTION, option);
  }

  setOption(option: number, value: OptionValue): Promise<void> {
    return this.#call(Member.PUT_OPTION, option, value);
  }

  async abort(): Promise<void> {
    this.#channel.native.abort(this.#native);
    this.#forget();
  }

  setTimeouts(resolve: number, connect: number, send: number, receive: number): Promise<void> {
    return this.#call(Member.SET_TIMEOUTS, resolve, connect, send, receive);
  }

  async setClientCertificate(certificate: string | null | ClientCertificate): Promise<void> {
    if (certificate !== null && typeof certificate === 'object') {
      const detail = 'the system takes the name of a certificate in its store, not a certificate';
      throw failureOf('SetClientCertificate', HResult.ERROR_NOT_SUPPORTED, { detail });
    }
    return this.#call(Member.SET_CLIENT_CERTIFICATE, certificate);
  }

  setAutoLogonPolicy(policy: number): Promise<void> {
    return this.#call(Member.SET_AUTO_LOGON_POLICY, policy);
  }

  wantData(wanted: boolean): void {
    if (!this.#closed) this.#channel.native.wantData(this.#native, wanted);
  }

  ref(): void {
    this.#reference(true);
  }

  unref(): void {
    this.#reference(false);
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = this.#channel.call(this.#id, (call) => this.#channel.native.close(this.#native, call));
      this.#forget();
    }
    return this.#closed;
  }

  /** Called by the channel. */
  message(kind: number, values: readonly unknown[]): void {
    const [generation, ...rest] = values as [number, ...unknown[]];
    // The request had completed on its thread before it was aborted here.
    if (generation !== this.#generation) return;
    switch (kind) {
      case MessageKind.START: {
        const [status, contentType, length] = rest as [number, string, number | undefined];
        this.#sink.responseStart(generation, status, contentType, length);
        break;
      }
      case MessageKind.DATA:
        this.#sink.responseData(generation, rest[0] as Buffer);
        break;
      case MessageKind.FINISHED: {
        const [status, statusText, headers] = rest as [number, string, string];
        this.#forget();
        this.#head = { status, statusText, headers };
        this.#sink.responseFinished(generation, { ...this.#head, url: undefined });
        break;
      }
      case MessageKind.ERROR:
        this.#fail(failureFrom(rest[0], rest[1], rest[2]));
        break;
    }
  }

  /** Called by the channel. */
  blocked(error: WinwireError): void {
    this.#fail(error);
  }

  #fail(error: WinwireError): void {
    const generation = this.#generation;
    this.#forget();
    if (generation !== undefined) this.#sink.error(generation, error);
  }

  #call<T>(member: Member, ...values: MemberArgument[]): Promise<T> {
    return this.#channel.call<T>(this.#id, (call) =>
      this.#channel.native.invoke(this.#native, call, member, ...values),
    );
  }

  #reference(referenced: boolean): void {
    if (this.#isReferenced === referenced) return;
    this.#isReferenced = referenced;
    if (this.#generation === undefined) return;
    if (referenced) this.#channel.hold();
    else this.#channel.release();
  }

  /** Drops further events of the request, and its response. */
  #forget(): void {
    this.#head = undefined;
    if (this.#generation === undefined) return;
    this.#generation = undefined;
    this.#channel.detach(this.#id);
    if (this.#isReferenced) this.#channel.release();
  }
}
