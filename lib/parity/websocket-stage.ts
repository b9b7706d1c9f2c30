/** The tools of a WebSocket scenario's script. */
import type { WebSocketHandle } from '../websocket/functions/handle.ts';
import type { HttpHeader, WebSocketFunctions, WebSocketProperty } from '../websocket/functions/websocket-types.ts';
import { requestHeaders, responseHeaders } from './handshake-headers.ts';
import { exchange, type SeenAction, WebSocketEndpoint } from './websocket-endpoint.ts';

/** The side of a connection. */
export type Role = 'client' | 'server';

/** Options of {@link WebSocketStage.pair}. */
export interface PairOptions {
  client?: readonly WebSocketProperty[];
  server?: readonly WebSocketProperty[];
  /** Whether the server calls WebSocketEndServerHandshake; a data call has the same effect. */
  endServer?: boolean;
  /** Runs between the creation of the handles and the handshake. */
  beforeHandshake?: (client: WebSocketHandle, server: WebSocketHandle) => void;
}

/** The offer of {@link WebSocketStage.begunClient}. */
export interface ClientOffer {
  subprotocols?: string[];
  extensions?: string[];
  headers?: HttpHeader[];
}

/**
 * The 13 functions of the subject, and the handles created with them, which are deleted when the script ends. An error
 * of a call ends the script unless the script catches it; the trace contains it in both cases.
 */
export class WebSocketStage {
  /** The subject's functions under their own names. */
  readonly sys: WebSocketFunctions;
  readonly #handles = new Set<WebSocketHandle>();
  readonly #kept: Disposable[] = [];

  constructor(functions: WebSocketFunctions) {
    this.sys = functions;
  }

  /** Creates a handle. */
  create(role: Role, properties?: readonly WebSocketProperty[]): WebSocketHandle {
    const { sys } = this;
    const options = this.createOptions(role);
    const handle =
      role === 'client'
        ? sys.WebSocketCreateClientHandle(properties, options)
        : sys.WebSocketCreateServerHandle(properties, options);
    this.#handles.add(handle);
    return handle;
  }

  /** Options for the two functions that create handles. */
  protected createOptions(_role: Role): Parameters<WebSocketFunctions['WebSocketCreateClientHandle']>[1] {
    return undefined;
  }

  /** Deletes a handle before the script ends. */
  delete(handle: WebSocketHandle): void {
    this.#handles.delete(handle);
    this.sys.WebSocketDeleteHandle(handle);
  }

  /** Disposes a resource at the end of the script. */
  keep<T extends Disposable>(resource: T): T {
    this.#kept.push(resource);
    return resource;
  }

  /** Aborts and deletes the remaining handles. */
  dispose(): void {
    for (const resource of this.#kept.splice(0)) resource[Symbol.dispose]();
    const handles = [...this.#handles];
    this.#handles.clear();
    for (const handle of handles) {
      this.sys.WebSocketAbortHandle(handle);
      this.sys.WebSocketDeleteHandle(handle);
    }
  }

  /** Returns a client between Begin and End, and its request headers. */
  begunClient(offer: ClientOffer = {}): { handle: WebSocketHandle; request: HttpHeader[] } {
    const handle = this.create('client');
    const request = this.sys.WebSocketBeginClientHandshake(handle, offer.subprotocols, offer.extensions, offer.headers);
    return { handle, request };
  }

  /** Returns an endpoint without a peer, after a handshake by hand: its bytes come from `feed`. */
  open(role: Role, properties?: readonly WebSocketProperty[]): WebSocketEndpoint {
    const handle = this.create(role, properties);
    if (role === 'client') {
      const request = this.sys.WebSocketBeginClientHandshake(handle);
      this.sys.WebSocketEndClientHandshake(handle, responseHeaders(request));
    } else {
      this.sys.WebSocketBeginServerHandshake(handle, undefined, undefined, requestHeaders());
      this.sys.WebSocketEndServerHandshake(handle);
    }
    return new WebSocketEndpoint(this.sys, handle, role);
  }

  /** Returns a client and a server after their handshake. */
  pair(options: PairOptions = {}): { client: WebSocketEndpoint; server: WebSocketEndpoint } {
    const { sys } = this;
    const client = this.create('client', options.client);
    const server = this.create('server', options.server);
    options.beforeHandshake?.(client, server);
    const host: HttpHeader = { name: 'Host', value: 'server.example.com' };
    const request = sys.WebSocketBeginClientHandshake(client, undefined, undefined, [host]);
    const response = sys.WebSocketBeginServerHandshake(server, undefined, undefined, [host, ...request]);
    sys.WebSocketEndClientHandshake(client, response);
    if (options.endServer ?? true) sys.WebSocketEndServerHandshake(server);
    return {
      client: new WebSocketEndpoint(sys, client, 'client'),
      server: new WebSocketEndpoint(sys, server, 'server'),
    };
  }

  /** Makes a call whose failure does not end the script; the trace contains it. */
  attempt<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch {
      return undefined;
    }
  }

  /** Moves bytes between two endpoints until both are idle; returns their actions. */
  exchange(a: WebSocketEndpoint, b: WebSocketEndpoint): { a: SeenAction[]; b: SeenAction[] } {
    return exchange(a, b);
  }
}
