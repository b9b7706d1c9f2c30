/**
 * The part of the addon for WinHttpRequest, on Windows only: COM objects on threads of the package. Calls return at
 * once; the answers are messages to one function that all objects of an environment share.
 */
import { noCom } from '../../backends.ts';
import { BackendUnavailableError, WinwireError } from '../../errors.ts';
import { loadNative } from '../../native.ts';
import type { AsyncMode, OptionValue, RequestBody } from '../request-object.ts';

/** A request or a stream of the addon: an External. Never exposed to users. */
export type NativeObject = object & { readonly __nativeObject: never };

/** The first argument of the dispatch function; also in native/binding/outbox.h. */
export const MessageKind = {
  /** call, value */
  RESULT: 0,
  /** call, HRESULT, syscall, description */
  FAILURE: 1,
  /** object, generation, status, content type, length or undefined */
  START: 2,
  /** object, generation, bytes */
  DATA: 3,
  /** object, generation, status, status text, headers */
  FINISHED: 4,
  /** object, generation, HRESULT, syscall, description */
  ERROR: 5,
  /** object, received, total or undefined */
  PROGRESS: 6,
  /** object, status, status text, headers, body, URL or undefined */
  RESPONSE: 7,
} as const;

/** The members of IWinHttpRequest; also in native/binding/winhttp_members.h. */
export const Member = {
  /** Creates the object; not a member of the interface. */
  CREATE: 0,
  SET_PROXY: 1,
  SET_CREDENTIALS: 2,
  OPEN: 3,
  SET_REQUEST_HEADER: 4,
  GET_RESPONSE_HEADER: 5,
  GET_ALL_RESPONSE_HEADERS: 6,
  STATUS: 7,
  STATUS_TEXT: 8,
  RESPONSE_TEXT: 9,
  RESPONSE_BODY: 10,
  GET_OPTION: 11,
  PUT_OPTION: 12,
  SET_TIMEOUTS: 13,
  SET_CLIENT_CERTIFICATE: 14,
  SET_AUTO_LOGON_POLICY: 15,
} as const;
export type Member = (typeof Member)[keyof typeof Member];

/** An argument of a member: a BSTR (null is NULL), a VARIANT (undefined is a missing one) or a number. */
export type MemberArgument = AsyncMode | OptionValue;

type Dispatch = (kind: number, id: number, ...values: unknown[]) => void;

/** The settings of a whole request, as far as they are set. */
export interface NativeSettings {
  readonly options: readonly (readonly [option: number, value: OptionValue])[];
  readonly credentials: readonly (readonly [userName: string, password: string, target: number])[];
  readonly timeouts: readonly number[] | undefined;
  readonly proxy: readonly [number, string | undefined, string | undefined] | undefined;
  readonly autoLogonPolicy: number | undefined;
  readonly clientCertificate: string | undefined;
}

/** `call` and `id` are numbers chosen by the caller to identify the answers. */
export interface WinHttpFunctions {
  /** Probes the class with a new object, once, before all other calls. Answer: its file, and whether it has events. */
  probe(call: number): void;
  createRequest(id: number, nativeSync: boolean): NativeObject;
  invoke(request: NativeObject, call: number, member: Member, ...values: MemberArgument[]): void;
  /** Call it after a successful or failed OPEN, before the next call. */
  settleOpen(request: NativeObject, succeeded: boolean): void;
  /** Answered by FINISHED or ERROR. */
  send(request: NativeObject, generation: number, body: RequestBody): void;
  abort(request: NativeObject): void;
  wantData(request: NativeObject, wanted: boolean): void;
  close(request: NativeObject, call: number): void;
  /** `headers`: names and values in turn. Answered by RESPONSE or ERROR. */
  execute(
    id: number,
    method: string,
    url: string,
    headers: readonly string[],
    body: RequestBody,
    bodyLimit: number,
    wantsProgress: boolean,
    settings: NativeSettings | undefined,
  ): NativeObject;
  /** Answered without a value. */
  openStream(request: NativeObject, call: number): NativeObject;
  /** Answer: at most `size` bytes; none at the end. */
  readStream(stream: NativeObject, call: number, size: number): void;
  closeStream(stream: NativeObject): void;
  /**
   * Call it each second while answers are outstanding: polls objects that send no events, and replaces those whose call
   * exceeds the limit in milliseconds. Returns id (0: `probe`; for a stream: the number of the call that opened it) and
   * name of the call for each replaced one, in one list.
   */
  check(limit: number): (number | string)[];
  /** Whether outstanding answers keep the process alive. Default false. */
  ref(referenced: boolean): void;
}

/** Initializes the addon's part of an environment; call it once. */
export function startWinHttp(dispatch: Dispatch): WinHttpFunctions {
  const { winhttp } = loadNative();
  if (!winhttp) throw new BackendUnavailableError('system', noCom());
  return winhttp.start(dispatch) as WinHttpFunctions;
}

/** Returns the error of a FAILURE or ERROR message, with COM's description if there is one. */
export function failureFrom(hresult: unknown, syscall: unknown, description: unknown): WinwireError {
  const detail = description === '' ? {} : { detail: String(description) };
  return new WinwireError(String(syscall), Number(hresult), detail);
}
