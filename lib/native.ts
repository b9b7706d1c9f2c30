/** Finds and loads the native addon, winwire.node, and describes its exports. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep, toNamespacedPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendName } from './backend.ts';

/** A handle of the addon: an External or, if a pump drives it, a number. Never exposed to users. */
export type NativeHandle = (object | number) & { readonly __nativeHandle: never };

/** A handle that a pump drives, and the object that must be referenced while the handle is used. */
export type PumpHandle = readonly [handle: NativeHandle, keeper: object];

/**
 * A status of the addon: not negative for success, an HRESULT (negative), or a {@link Refusal} if the addon did not
 * make the call.
 */
export type NativeStatus = number;

/**
 * Why the addon did not make a call; also in native/binding/status.h. The customer bit (29) is set, which no HRESULT of
 * Microsoft has.
 */
export const Refusal = {
  HANDLE: 0xa0000001 | 0,
  ACTION_CONTEXT: 0xa0000002 | 0,
  /** RECEIVE_FROM_NETWORK requires the bytes, not their number. */
  BYTES_EXPECTED: 0xa0000003 | 0,
  /** The action requires a number, not bytes. */
  NUMBER_EXPECTED: 0xa0000004 | 0,
  /** More bytes than the action allows. */
  COUNT: 0xa0000005 | 0,
  DETACHED: 0xa0000006 | 0,
  /** More than 2^32 - 1 bytes. */
  LENGTH: 0xa0000007 | 0,
  /** An argument that lib/websocket/functions never passes. */
  ARGUMENT: 0xa0000008 | 0,
} as const;

/** Description of a DLL or class; empty strings for unknown values. */
export interface NativeBackendInfo {
  readonly file: string;
  readonly version: string;
  readonly provider: string;
  /** Why it is not available. */
  readonly reason: string;
}

/** The exports of winwire.node. Lists of strings are one string with a NUL after each entry; null means NULL. */
export interface NativeBinding {
  /** Changes with every incompatible change of this interface. */
  readonly interfaceVersion: number;
  /**
   * Written by the data functions, read by lib/websocket/functions/exchange-block.ts. Never exposed to users, because
   * native code writes its memory.
   */
  readonly exchangeBlock: ArrayBuffer;
  /** Names of the block's fields, in order. */
  readonly exchangeFields: readonly string[];
  /** Name and value of each HRESULT in the native code. */
  readonly hresults: readonly { readonly name: string; readonly value: number }[];
  backendInfo(backend: BackendName): NativeBackendInfo & { readonly available: boolean };
  /**
   * The native part of WinHttpRequest, on Windows only; lib/winhttp/system/winhttp-native.ts describes the result of
   * `start`.
   */
  readonly winhttp?: {
    start(dispatch: (kind: number, id: number, ...values: unknown[]) => void): object;
    registration(): NativeBackendInfo;
  };
  /** The proxy functions, on Windows only; lib/proxy/proxy-native.ts describes the result of `start`. */
  readonly proxy?: { start(dispatch: (kind: number, call: number, ...values: unknown[]) => void): object };
  /** Tokens of SSPI or GSSAPI; lib/auth/auth-native.ts describes the result of `start`. */
  readonly auth?: {
    start(dispatch: (kind: number, call: number, ...values: unknown[]) => void): object;
    info(): NativeBackendInfo & { readonly mechanisms: readonly string[] };
    /** Returns the number of contexts in the process, over all environments. For tests. */
    openContextCount(): number;
  };
  /** Returns the number of open handles in the process, over all environments. For tests. */
  openHandleCount(): number;

  /** Returns undefined if the backend is not available. */
  createHandle(
    server: boolean,
    backend: BackendName,
    types: readonly number[],
    values: readonly Uint8Array[],
  ): NativeHandle | NativeStatus | undefined;
  /**
   * Returns a handle that only a pump may drive, and its keeper, which closes the handle when it is garbage-collected.
   * Returns undefined if the backend is not available. Call {@link pumpBlock} first: the handle uses its buffers if
   * possible.
   */
  createPumpHandle(
    server: boolean,
    backend: BackendName,
    types: readonly number[],
    values: readonly Uint8Array[],
  ): PumpHandle | NativeStatus | undefined;
  /** Returns names and values in turn. */
  beginClientHandshake(
    handle: NativeHandle,
    subprotocols: string | null,
    extensions: string | null,
    headers: string | null,
  ): string[] | NativeStatus;
  /** Returns the index of the sub-protocol or -1, then those of the extensions. */
  endClientHandshake(handle: NativeHandle, headers: string): number[] | NativeStatus;
  beginServerHandshake(
    handle: NativeHandle,
    subprotocol: string | null,
    extensions: string | null,
    headers: string,
  ): string[] | NativeStatus;
  endServerHandshake(handle: NativeHandle): NativeStatus;
  getGlobalProperty(backend: BackendName, type: number): number[] | NativeStatus | undefined;

  /** Returns the operation's number, which the block's `operation` shows later. Without bytes: NULL. */
  send(handle: NativeHandle, bufferType: number, bytes?: Uint8Array): NativeStatus;
  sendClose(handle: NativeHandle, status: number, reason: Uint8Array | undefined): NativeStatus;
  /** Without a buffer: NULL; else the component gets memory of the same size. */
  receive(handle: NativeHandle, buffer?: Uint8Array): NativeStatus;
  /** Writes the exchange block. */
  getAction(handle: NativeHandle, queue: number): NativeStatus;
  /** Copies a buffer of an outstanding action that is too large for the exchange block. */
  copyBuffer(handle: NativeHandle, actionId: number, index: number, target: Uint8Array): NativeStatus | undefined;
  /** Action 0 means NULL. */
  completeAction(handle: NativeHandle, actionId: number, bytesTransferred: number): NativeStatus | undefined;
  completeReceive(handle: NativeHandle, actionId: number, bytes: Uint8Array): NativeStatus | undefined;
  abortHandle(handle: NativeHandle): NativeStatus | undefined;
  deleteHandle(handle: NativeHandle): NativeStatus | undefined;

  /** Read and written by the pump functions; see lib/websocket/connection/pump-block.ts. Never exposed to users. */
  pumpBlock(): ArrayBuffer;
  /**
   * Lets a pump drive an open handle that was created for one. `checksText`: the pump validates UTF-8, to distinguish
   * invalid text from invalid frames. `inPlace`: parses bytes in place if the component offers that, as the portable
   * engine does. `receiveBuffer` and `sendBuffer`: the sizes of the handle's buffers, in bytes.
   * `messageFrames`: the maximum number of frames of a message.
   */
  startPump(
    handle: NativeHandle,
    checksText: boolean,
    inPlace?: boolean,
    receiveBuffer?: number,
    sendBuffer?: number,
    messageFrames?: number,
  ): NativeStatus | undefined;
  /**
   * Processes network bytes; message bytes go to `block` or, without one, to the chunk's own memory. Returns a
   * ReceiveStatus or an HRESULT.
   */
  pumpReceive(handle: NativeHandle, chunk: Uint8Array, block?: Uint8Array, oneMessage?: true): NativeStatus;
  /** Frames the staged messages into `room`. */
  pumpSend(handle: NativeHandle, count: number, room: Uint8Array): NativeStatus;
  pumpSendOne(handle: NativeHandle, bufferType: number, bytes: Uint8Array, room: Uint8Array): NativeStatus;
  /** Returns bytes for the network for which the previous call had no space. */
  pumpTakeOut(handle: NativeHandle, target: Uint8Array): NativeStatus | undefined;

  /** Starts recording the calls of the handle's pump. */
  startTrace(handle: NativeHandle): NativeStatus | undefined;
  stopTrace(handle: NativeHandle): NativeStatus | undefined;
  /** Returns the records since the last call; see lib/diagnostics/trace-records.ts. */
  takeTrace(handle: NativeHandle): ArrayBuffer | NativeStatus;
  /**
   * Calls WebSocketAbortHandle and drains the queues, so that a trace contains it; the handle must still be deleted.
   */
  pumpAbort(handle: NativeHandle): NativeStatus | undefined;
}

const INTERFACE_VERSION = 3;
const PACKAGE = 'winwire';

interface Loaded {
  readonly binding: NativeBinding;
  readonly file: string;
}

let loaded: Loaded | undefined;
const waiting: ((binding: NativeBinding) => void)[] = [];

/**
 * Loads the addon on first use. If WINWIRE_BINDING names a file, only that file is tried. Otherwise a checkout's own
 * build comes before prebuilds/, which may be older than the sources.
 *
 * @throws {Error} ERR_BINDING_UNAVAILABLE, with the files that were tried, why each failed, and what to do.
 */
export function loadNative(): NativeBinding {
  return (loaded ?? load()).binding;
}

/**
 * Calls `use` when the addon is loaded, for modules that keep parts of it: importing winwire does not load the addon.
 */
export function whenLoaded(use: (binding: NativeBinding) => void): void {
  if (loaded) use(loaded.binding);
  else waiting.push(use);
}

/**
 * Returns the file that {@link loadNative} loads.
 *
 * @throws {Error} as {@link loadNative}.
 */
export function nativeFile(): string {
  return (loaded ?? load()).file;
}

interface Attempt {
  readonly file: string;
  readonly failure: string;
  readonly code: string | undefined;
}

function load(): Loaded {
  const override = process.env.WINWIRE_BINDING;
  const root = packageFolder();
  const attempts: Attempt[] = [];
  for (const file of override ? [resolve(override)] : candidates(root)) {
    const result = tryLoad(file);
    if ('failure' in result) {
      attempts.push(result);
      continue;
    }
    loaded = { binding: result, file };
    for (const use of waiting.splice(0)) use(result);
    return loaded;
  }
  const message = failureText(attempts, remedy(attempts, override, root));
  throw Object.assign(new Error(message), { code: 'ERR_BINDING_UNAVAILABLE' });
}

/**
 * Returns the folder of the package; undefined in a bundle, where `import.meta.url` is missing or a path of the build
 * machine.
 */
function packageFolder(): string | undefined {
  const url: string | undefined = import.meta.url;
  if (!url?.startsWith('file:')) return undefined;
  let folder = dirname(fileURLToPath(url));
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) return undefined;
    folder = dirname(folder);
  }
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name === PACKAGE ? folder : undefined;
}

/** Returns the path of the prebuilt addon as prebuildify names it: on Linux by C library. */
function prebuildPath(): string {
  const name = process.platform !== 'linux' ? 'winwire' : `winwire.${usesMusl() ? 'musl' : 'glibc'}`;
  return join('prebuilds', `${process.platform}-${process.arch}`, `${name}.node`);
}

function candidates(root: string | undefined): string[] {
  if (root === undefined) return [];
  return ['build/Release/winwire.node', 'build/Debug/winwire.node', prebuildPath()].map((file) => join(root, file));
}

/** Of this process, not of the system: a Node.js built for musl can run on a system with glibc. */
function usesMusl(): boolean {
  try {
    return /\/(ld-musl-|libc\.musl-)/.test(readFileSync('/proc/self/maps', 'latin1'));
  } catch {
    return false;
  }
}

/** Returns the addon, or why the file cannot be loaded. */
function tryLoad(file: string): NativeBinding | Attempt {
  const fails = (failure: string, code?: string): Attempt => ({ file, failure, code });
  // Under the permission model an unreadable file seems to be missing.
  if (process.permission?.has('fs.read', file) === false)
    return fails('reading it is not permitted', 'ERR_ACCESS_DENIED');
  if (!existsSync(file)) return fails('no such file');
  try {
    // Bundlers would replace `require`.
    const module = { exports: {} as NativeBinding };
    process.dlopen(module, toNamespacedPath(file));
    const { interfaceVersion } = module.exports;
    if (interfaceVersion === INTERFACE_VERSION) return module.exports;
    return fails(`made for another version of winwire (interface ${interfaceVersion}, not ${INTERFACE_VERSION})`);
  } catch (error) {
    if (!(error instanceof Error)) return fails(String(error));
    return fails(error.message, (error as NodeJS.ErrnoException).code);
  }
}

function failureText(attempts: readonly Attempt[], whatToDo: string): string {
  const where = `${process.platform}-${process.arch}, Node ${process.version}`;
  const tried = attempts.map(({ file, failure }) => `  ${file}: ${failure}`);
  const head = `The native addon winwire.node could not be loaded (${where}).${tried.length > 0 ? ' Tried:' : ''}`;
  return [head, ...tried, whatToDo].join('\n');
}

function remedy(attempts: readonly Attempt[], override: string | undefined, root: string | undefined): string {
  const codes = new Set(attempts.map(({ code }) => code));
  // Node.js reports this if its permission model, or --no-addons, forbids addons.
  if (codes.has('ERR_DLOPEN_DISABLED')) {
    return 'This process may not load native addons. Under --permission (Node 20: --experimental-permission) start Node with --allow-addons as well; without it, drop --no-addons.';
  }
  if (codes.has('ERR_ACCESS_DENIED')) {
    const folder = override || root === undefined ? attempts[0]?.file : `${root}${sep}*`;
    return `This process runs under Node's permission model. Start it with --allow-addons and --allow-fs-read=${folder} as well.`;
  }
  if (override) {
    return 'WINWIRE_BINDING says which file to load, so no other place was tried. Correct or unset it.';
  }
  if (root === undefined) {
    const addon = join('node_modules', PACKAGE, prebuildPath());
    return `This code was bundled: the package ${PACKAGE}, which holds the addon, is not around it. Ship the addon (${addon}) with the bundle and set the environment variable WINWIRE_BINDING to its path before winwire is first used, or tell the bundler to keep ${PACKAGE} external.`;
  }
  return `There is a prebuilt addon for Windows (x64, arm64, ia32), Linux (x64, arm64) and macOS (x64, arm64). Was the package installed whole, and for this system? A bundler does not copy it: keep ${PACKAGE} external. Elsewhere build the addon in a clone of the repository with "npm run build" (Python and a C++20 compiler are needed), and set WINWIRE_BINDING to the path of winwire.node.`;
}
