// The stage of the chapters: an HTTP server on loopback, two recorded endpoints, checks, and totals.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BackendName, WebSocketFunctions } from 'winwire/sys';
import { type Ending, Endpoint } from '../lib/endpoint.ts';
import { accept, type ConnectOptions, type Opened, shakeHandsAsClient } from '../lib/handshake.ts';
import type { ChapterEvent, DemoEvent } from './events.ts';
import { type CallEvent, recorded, type Side } from './recorder.ts';

/** Both ends of one connection. */
export interface Ends {
  client: Endpoint;
  server: Endpoint;
}

export class Stage {
  readonly #tell: (event: DemoEvent) => void;
  readonly #backend: BackendName;
  readonly #server: Server = createServer();
  readonly #calls: Record<string, number> = {};
  readonly #wire: Record<Side, number> = { client: 0, server: 0 };
  readonly #failed: string[] = [];
  #checks = 0;
  #chapters = 0;
  #connections = 0;

  constructor(backend: BackendName, tell: (event: DemoEvent) => void) {
    this.#backend = backend;
    this.#tell = tell;
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }

  chapter(title: string, text: string, view: ChapterEvent['view'] = 'actions'): void {
    this.#chapters++;
    this.#tell({ event: 'chapter', number: this.#chapters, title, text, view });
  }

  check(what: string, ok: boolean): void {
    this.#checks++;
    if (!ok) this.#failed.push(what);
    this.#tell({ event: 'check', what, ok });
  }

  /** Returns the functions of a side, for a chapter that calls them itself. */
  functions(side: Side): WebSocketFunctions {
    return recorded(side, (call) => this.#record(call));
  }

  get backend(): BackendName {
    return this.#backend;
  }

  /** Opens a connection with an endpoint at either end. */
  async connect(): Promise<Ends> {
    const { handle, socket, server } = await this.connectByHand();
    return { client: new Endpoint(handle, socket, this.#options('client')), server };
  }

  /** Opens a connection whose client handle the caller drives with `functions`. */
  async connectByHand(): Promise<Opened & { server: Endpoint }> {
    const accepted = this.#acceptOne();
    const opened = await shakeHandsAsClient(this.#options('client'));
    this.#connections++;
    return { ...opened, server: await accepted };
  }

  /** Resolves with the end of a connection, and reports it. */
  async closed(side: Side, endpoint: Endpoint): Promise<Ending> {
    const [ending] = (await once(endpoint, 'closed')) as [Ending];
    const { status, reason, clean } = ending;
    this.#tell({ event: 'closed', side, status, reason, clean });
    return ending;
  }

  summary(): boolean {
    const ok = this.#failed.length === 0;
    this.#tell({
      event: 'summary',
      ok,
      connections: this.#connections,
      calls: this.#calls,
      bytesOnTheWire: this.#wire,
      checks: this.#checks,
      failed: this.#failed,
    });
    return ok;
  }

  async #acceptOne(): Promise<Endpoint> {
    const [request, socket, head] = await once(this.#server, 'upgrade');
    const endpoint = accept(request, socket, head, this.#options('server'));
    if (!endpoint) throw new Error('the server refused the handshake');
    return endpoint;
  }

  #options(side: Side): ConnectOptions {
    const { port } = this.#server.address() as AddressInfo;
    return {
      url: `ws://127.0.0.1:${port}/`,
      backend: this.#backend,
      receiveBufferSize: 16 * 1024,
      sendBufferSize: 16 * 1024,
      functions: this.functions(side),
    };
  }

  #record(call: CallEvent): void {
    this.#calls[call.function] = (this.#calls[call.function] ?? 0) + 1;
    if (call.function === 'WebSocketCompleteAction' && call.action === 'SEND_TO_NETWORK') {
      this.#wire[call.side] += call.bytes ?? 0;
    }
    this.#tell(call);
  }
}
