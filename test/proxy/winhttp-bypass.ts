// Whether winhttp.dll itself takes a request to a proxy, by its flat functions.
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

type Koffi = typeof import('koffi');

const WINHTTP_ACCESS_TYPE_NAMED_PROXY = 3;
// Longer than a local proxy ever takes.
const TIMEOUT_MS = 20_000;

interface Functions {
  open(agent: string, accessType: number, proxy: string, bypass: string, flags: number): unknown;
  connect(session: unknown, host: string, port: number, reserved: number): unknown;
  openRequest(connection: unknown, method: string, path: string, ...rest: readonly (string | number | null)[]): unknown;
  setTimeouts(session: unknown, ...milliseconds: readonly number[]): boolean;
  send: { async(request: unknown, ...rest: readonly unknown[]): void };
  close(handle: unknown): boolean;
}

function load(): Functions {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  const library = koffi.load('winhttp.dll');
  const of = (name: string, result: string, ...parameters: readonly string[]) =>
    library.func('__stdcall', name, result, [...parameters]);
  return {
    open: of('WinHttpOpen', 'void *', 'str16', 'uint32', 'str16', 'str16', 'uint32'),
    connect: of('WinHttpConnect', 'void *', 'void *', 'str16', 'uint16', 'uint32'),
    openRequest: of('WinHttpOpenRequest', 'void *', 'void *', 'str16', 'str16', 'str16', 'str16', 'void *', 'uint32'),
    setTimeouts: of('WinHttpSetTimeouts', 'bool', 'void *', 'int', 'int', 'int', 'int'),
    send: of('WinHttpSendRequest', 'bool', 'void *', 'str16', 'uint32', 'void *', 'uint32', 'uint32', 'uintptr_t'),
    close: of('WinHttpCloseHandle', 'bool', 'void *'),
  } as unknown as Functions;
}

/** A proxy, and a server at another port of this machine. */
export class BypassStage implements AsyncDisposable {
  readonly #functions = load();
  readonly #proxy: Server;
  readonly #server: Server;
  #proxied = 0;

  private constructor() {
    this.#proxy = createServer((_request, response) => {
      this.#proxied++;
      response.end();
    });
    this.#server = createServer((_request, response) => response.end());
  }

  static async start(): Promise<BypassStage> {
    const stage = new BypassStage();
    for (const server of [stage.#proxy, stage.#server]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    return stage;
  }

  /** The port of the server. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Whether a request to this URL reached the proxy. A host that has no address fails, and does not. */
  async isProxied(url: string, bypass: string): Promise<boolean> {
    const { open, connect, openRequest, setTimeouts, send, close } = this.#functions;
    const { port } = this.#proxy.address() as AddressInfo;
    const { hostname, port: target } = new URL(url);
    const before = this.#proxied;
    const session = open('test', WINHTTP_ACCESS_TYPE_NAMED_PROXY, `127.0.0.1:${port}`, bypass, 0);
    setTimeouts(session, TIMEOUT_MS, TIMEOUT_MS, TIMEOUT_MS, TIMEOUT_MS);
    const connection = connect(session, hostname.replace(/^\[|\]$/g, ''), Number(target || 80), 0);
    const request = openRequest(connection, 'GET', '/', null, null, null, 0);
    await new Promise<void>((resolve) => send.async(request, null, 0, null, 0, 0, 0, () => resolve()));
    for (const handle of [request, connection, session]) close(handle);
    return this.#proxied > before;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#proxy, this.#server]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
