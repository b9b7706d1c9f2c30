/** Finds and loads the native addon, winwire.node, and describes its exports. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep, toNamespacedPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendName } from './backend.ts';

/** A handle as the addon knows it: an External or, where a pump drives it, a number. Never given to users. */
export type NativeHandle = (object | number) & { readonly __nativeHandle: never };

/** A handle that a pump drives, and what is to be held as long as it is used. */
export type PumpHandle = readonly [handle: NativeHandle, keeper: object];

/**
 * A status of the addon: not negative for success, an HRESULT (negative), or one of {@link Refusal} where the addon did
 * not make the call.
 */
export type NativeStatus = number;

/**
 * Why the addon refused to make a call; also in native/binding/status.h. The customer bit (29) is set, which no HRESULT of
 * Microsoft's has.
 */
export const Refusal = {
  HANDLE: 0xa0000001 | 0,
  ACTION_CONTEXT: 0xa0000002 | 0,
  /** RECEIVE_FROM_NETWORK takes the bytes, not their number. */
  BYTES_EXPECTED: 0xa0000003 | 0,
  /** Bytes for an action that takes a number. */
  NUMBER_EXPECTED: 0xa0000004 | 0,
  /** More bytes than the action has. */
  COUNT: 0xa0000005 | 0,
  DETACHED: 0xa0000006 | 0,
  /** More than 2^32 - 1 bytes. */
  LENGTH: 0xa0000007 | 0,
  /** An argument that lib/websocket/functions never passes. */
  ARGUMENT: 0xa0000008 | 0,
} as const;

/** What the addon knows of a DLL or class; empty strings for what it does not. */
export interface NativeBackendInfo {
  readonly file: string;
  readonly version: string;
  readonly provider: string;
  /** Why it cannot serve. */
  readonly reason: string;
}

/** The exports of winwire.node. Strings with several entries hold each followed by a NUL; null stands for NULL. */
export interface NativeBinding {
  /** Changes with every incompatible change of this interface. */
  readonly interfaceVersion: number;
  /** What the data functions write; lib/websocket/functions/exchange-block.ts reads it. Never given to users: its memory is written natively. */
  readonly exchangeBlock: ArrayBuffer;
  /** Names of the block's fields, in order. */
  readonly exchangeFields: readonly string[];
  /** Name and value of each HRESULT that the native code knows. */
  readonly hresults: readonly { readonly name: string; readonly value: number }[];
  backendInfo(backend: BackendName): NativeBackendInfo & { readonly available: boolean };
  /** WinHttpRequest's half, on Windows only; lib/winhttp/system/winhttp-native.ts describes what `start` returns. */
  readonly winhttp?: {
    start(dispatch: (kind: number, id: number, ...values: unknown[]) => void): object;
    registration(): NativeBackendInfo;
  };
  /** How many handles are open in the process, over all environments. For tests. */
  openHandleCount(): number;

  /** undefined if the backend is not available. */
  createHandle(
    server: boolean,
    backend: BackendName,
    types: readonly number[],
    values: readonly Uint8Array[],
  ): NativeHandle | NativeStatus | undefined;
  /**
   * A handle that only a pump may drive, and its keeper, an object that closes it when it is collected. undefined if the
   * backend is not available. After {@link pumpBlock}, whose buffers the handle uses where that can be.
   */
  createPumpHandle(
    server: boolean,
    backend: BackendName,
    types: readonly number[],
    values: readonly Uint8Array[],
  ): PumpHandle | NativeStatus | undefined;
  /** Names and values in turn. */
  beginClientHandshake(
    handle: NativeHandle,
    subprotocols: string | null,
    extensions: string | null,
    headers: string | null,
  ): string[] | NativeStatus;
  /** The sub-protocol's index or -1, then those of the extensions. */
  endClientHandshake(handle: NativeHandle, headers: string): number[] | NativeStatus;
  beginServerHandshake(
    handle: NativeHandle,
    subprotocol: string | null,
    extensions: string | null,
    headers: string,
  ): string[] | NativeStatus;
  endServerHandshake(handle: NativeHandle): NativeStatus;
  getGlobalProperty(backend: BackendName, type: number): number[] | NativeStatus | undefined;

  /** The operation's number, which the block's `operation` later shows. Without bytes: NULL. */
  send(handle: NativeHandle, bufferType: number, bytes?: Uint8Array): NativeStatus;
  sendClose(handle: NativeHandle, status: number, reason: Uint8Array | undefined): NativeStatus;
  /** Without a buffer: NULL; else memory of its size. */
  receive(handle: NativeHandle, buffer?: Uint8Array): NativeStatus;
  /** Writes the exchange block. */
  getAction(handle: NativeHandle, queue: number): NativeStatus;
  /** Copies a buffer of an outstanding action that was too large for the exchange block. */
  copyBuffer(handle: NativeHandle, actionId: number, index: number, target: Uint8Array): NativeStatus | undefined;
  /** Action 0 stands for NULL. */
  completeAction(handle: NativeHandle, actionId: number, bytesTransferred: number): NativeStatus | undefined;
  completeReceive(handle: NativeHandle, actionId: number, bytes: Uint8Array): NativeStatus | undefined;
  abortHandle(handle: NativeHandle): NativeStatus | undefined;
  deleteHandle(handle: NativeHandle): NativeStatus | undefined;

  /** What the pump functions read and write; lib/websocket/connection/pump-block.ts. Never given to users. */
  pumpBlock(): ArrayBuffer;
  /**
   * Lets a pump drive an open handle that was made for one.
   * `checksText`: the pump judges UTF-8, and tells bad text from bad frames. `inPlace`: it parses bytes where they are if
   * the component offers that, which the portable engine does.
   */
  startPump(handle: NativeHandle, checksText: boolean, inPlace?: true): NativeStatus | undefined;
  /**
   * Takes network bytes; message bytes go to `block` or, without one, to the chunk's own memory. The result is a
   * ReceiveStatus or an HRESULT.
   */
  pumpReceive(handle: NativeHandle, chunk: Uint8Array, block?: Uint8Array, oneMessage?: true): NativeStatus;
  /** Frames the staged messages into `room`. */
  pumpSend(handle: NativeHandle, count: number, room: Uint8Array): NativeStatus;
  pumpSendOne(handle: NativeHandle, bufferType: number, bytes: Uint8Array, room: Uint8Array): NativeStatus;
  /** Bytes for the network that the call before had no room for. */
  pumpTakeOut(handle: NativeHandle, target: Uint8Array): NativeStatus | undefined;

  /** From now on the calls that the handle's pump makes are written down. */
  startTrace(handle: NativeHandle): NativeStatus | undefined;
  stopTrace(handle: NativeHandle): NativeStatus | undefined;
  /** The records since the last time; lib/diagnostics/trace-records.ts. */
  takeTrace(handle: NativeHandle): ArrayBuffer | NativeStatus;
  /** WebSocketAbortHandle and the drain, so that a trace has them; the handle is still to be deleted. */
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
 * Loads the addon on first use. WINWIRE_BINDING names another file to load; then no other place is tried. Otherwise a
 * checkout's own build comes before prebuilds/, which a change of the sources leaves behind.
 *
 * @throws {Error} ERR_BINDING_UNAVAILABLE: what was tried, why each failed, and what to do.
 */
export function loadNative(): NativeBinding {
  return (loaded ?? load()).binding;
}

/** Calls `use` when the addon is loaded: for what a module keeps of it, since importing winwire does not load it. */
export function whenLoaded(use: (binding: NativeBinding) => void): void {
  if (loaded) use(loaded.binding);
  else waiting.push(use);
}

/**
 * Returns the file that {@link loadNative} loads.
 *
 * @throws {Error} as that does.
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
 * Returns the folder of the package; undefined in a bundle, which has moved this module out of it. Bundlers leave
 * `import.meta.url` out, or keep the path of the machine that they ran on.
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

/** Returns the prebuilt addon as prebuildify names it: on Linux by the C library that it was linked to. */
function prebuildPath(): string {
  const name = process.platform !== 'linux' ? 'winwire' : `winwire.${usesMusl() ? 'musl' : 'glibc'}`;
  return join('prebuilds', `${process.platform}-${process.arch}`, `${name}.node`);
}

function candidates(root: string | undefined): string[] {
  if (root === undefined) return [];
  return ['build/Release/winwire.node', 'build/Debug/winwire.node', prebuildPath()].map((file) => join(root, file));
}

/** Of this process, not of the system: a Node made for musl can run where the rest uses glibc. */
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
  // Under the permission model a file that may not be read does not seem to exist.
  if (process.permission?.has('fs.read', file) === false)
    return fails('reading it is not permitted', 'ERR_ACCESS_DENIED');
  if (!existsSync(file)) return fails('no such file');
  try {
    // Not require, which bundlers replace by their own.
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
  // What Node says where its permission model, or --no-addons, forbids addons.
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
