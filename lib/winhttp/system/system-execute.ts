/** A whole request with the system's object and one native call. */

import type { WinwireError } from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import type { ExecuteRequest, RequestObjectOptions, RequestSpec, ResponseRecord } from '../request-object.ts';
import { ResponseHeaders } from '../response-headers.ts';
import { shortBody } from '../response-length.ts';
import { failureOf } from '../winhttp-errors.ts';
import { type Channel, openChannel, type Receiver } from './com-channel.ts';
import { failureFrom, MessageKind, type NativeObject, type NativeSettings } from './winhttp-native.ts';

/** See {@link ExecuteRequest}. */
export const executeSystem: ExecuteRequest = (spec, options) => {
  const execution = new SystemExecution(spec, options);
  return { response: execution.response, abort: () => execution.abort() };
};

class SystemExecution implements Receiver {
  readonly response: Promise<ResponseRecord>;
  readonly #spec: RequestSpec;
  readonly #options: RequestObjectOptions;
  #channel!: Channel;
  #id = 0;
  #request: NativeObject | undefined;
  #isAborted = false;
  #resolve!: (response: ResponseRecord) => void;
  #reject!: (error: unknown) => void;

  constructor(spec: RequestSpec, options: RequestObjectOptions) {
    this.#spec = spec;
    this.#options = options;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    try {
      this.#begin();
    } catch (error) {
      this.#reject(error);
    }
  }

  abort(): void {
    this.#isAborted = true;
    if (!this.#request) return;
    this.#channel.native.abort(this.#request);
    this.#end();
  }

  /** Called by the channel. */
  message(kind: number, values: readonly unknown[]): void {
    switch (kind) {
      case MessageKind.PROGRESS:
        this.#spec.onDownload?.(values[0] as number, values[1] as number | undefined);
        break;
      case MessageKind.RESPONSE: {
        this.#end();
        this.#respond(values as [number, string, string, Buffer, string | undefined]);
        break;
      }
      case MessageKind.ERROR:
        this.#end();
        this.#reject(failureFrom(values[1], values[2], values[3]));
        break;
    }
  }

  /** COM may report success for a truncated body (RQ-153). */
  #respond([status, statusText, text, body, url]: [number, string, string, Buffer, string | undefined]): void {
    const headers = new ResponseHeaders(text);
    const failure = shortBody(this.#spec.method, { status, headers }, body.length);
    if (failure) this.#reject(failure);
    else this.#resolve({ status, statusText, headers: `${headers}`, body, url });
  }

  /** Called by the channel. */
  blocked(error: WinwireError): void {
    this.#end();
    this.#reject(error);
  }

  #begin(): void {
    const certificate = this.#spec.clientCertificate;
    if (typeof certificate === 'object') {
      const detail = 'the system takes the name of a certificate in its store, not a certificate';
      throw failureOf('SetClientCertificate', HResult.ERROR_NOT_SUPPORTED, { detail });
    }
    this.#channel = openChannel();
    if (this.#channel.isReady) this.#start();
    else this.#startWhenReady().catch((error) => this.#reject(error));
  }

  async #startWhenReady(): Promise<void> {
    await this.#channel.ready();
    if (!this.#isAborted) this.#start();
  }

  #start(): void {
    const { method, url, headers, body, onDownload } = this.#spec;
    this.#id = this.#channel.nextNumber();
    this.#request = this.#channel.native.execute(
      this.#id,
      method,
      url,
      headers.flat(),
      body,
      this.#options.limits.responseBody,
      onDownload !== undefined,
      settingsOf(this.#spec),
    );
    this.#channel.attach(this.#id, this);
    this.#channel.hold();
  }

  /** The object closes itself after a response or an error. */
  #end(): void {
    if (!this.#request) return;
    this.#request = undefined;
    this.#channel.detach(this.#id);
    this.#channel.release();
  }
}

/** Returns `undefined` without settings, the usual case. */
function settingsOf(spec: RequestSpec): NativeSettings | undefined {
  const { options, credentials, timeouts, proxy, autoLogonPolicy } = spec;
  const clientCertificate = spec.clientCertificate as string | undefined;
  const single = [timeouts, proxy, autoLogonPolicy, clientCertificate];
  if (options.length + credentials.length === 0 && single.every((value) => value === undefined)) return undefined;
  return { options, credentials, timeouts, proxy, autoLogonPolicy, clientCertificate };
}
