/** What the script of a WebSocket scenario works with. */
import type { WebSocketHandle } from '../websocket/functions/handle.ts';
import type { HttpHeader, WebSocketFunctions, WebSocketProperty } from '../websocket/functions/websocket-types.ts';
import { requestHeaders, responseHeaders } from './handshake-headers.ts';
import { exchange, type Seen, WebSocketEndpoint } from './websocket-endpoint.ts';

/** The side of a connection that a handle is made for. */
export type Role = 'client' | 'server';

/** How the two handles of {@link WebSocketStage.pair} are made. */
export interface PairOptions {
  client?: readonly WebSocketProperty[];
  server?: readonly WebSocketProperty[];
  /** Whether the server ends its handshake by WebSocketEndServerHandshake; a data call does so too. */
  endServer?: boolean;
  /** Runs between the creation of the handles and the handshake. */
  beforeHandshake?: (client: WebSocketHandle, server: WebSocketHandle) => void;
}

/** What {@link WebSocketStage.begunClient} offers. */
export interface ClientOffer {
  subprotocols?: string[];
  extensions?: string[];
  headers?: HttpHeader[];
}

/**
 * The 13 functions of the subject, and the handles that were made of them, which are gone when the script ends. An error
 * of a call ends the script unless the script catches it; the trace has it either way.
 */
export class WebSocketStage {
  /** The subject's functions under their own names. */
  readonly sys: WebSocketFunctions;
  readonly #handles = new Set<WebSocketHandle>();
  readonly #kept: Disposable[] = [];

  constructor(functions: WebSocketFunctions) {
    this.sys = functions;
  }

  /** A new handle. */
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

  /** The options of the two functions that create. */
  protected createOptions(_role: Role): Parameters<WebSocketFunctions['WebSocketCreateClientHandle']>[1] {
    return undefined;
  }

  /** Deletes a handle before the script ends. */
  delete(handle: WebSocketHandle): void {
    this.#handles.delete(handle);
    this.sys.WebSocketDeleteHandle(handle);
  }

  /** Disposed at the end of the script, with everything else. */
  keep<T extends Disposable>(resource: T): T {
    this.#kept.push(resource);
    return resource;
  }

  /** Aborts and deletes every handle that is still there. */
  dispose(): void {
    for (const resource of this.#kept.splice(0)) resource[Symbol.dispose]();
    const handles = [...this.#handles];
    this.#handles.clear();
    for (const handle of handles) {
      this.sys.WebSocketAbortHandle(handle);
      this.sys.WebSocketDeleteHandle(handle);
    }
  }

  /** A client between Begin and End, and the request headers it gave. */
  begunClient(offer: ClientOffer = {}): { handle: WebSocketHandle; request: HttpHeader[] } {
    const handle = this.create('client');
    const request = this.sys.WebSocketBeginClientHandshake(handle, offer.subprotocols, offer.extensions, offer.headers);
    return { handle, request };
  }

  /** An endpoint whose handshake was done by hand, with nobody at the other end: its bytes come by `feed`. */
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

  /** A client and a server handle that did their handshake with each other. */
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

  /** Makes a call whose failure does not end the script; the trace has it. */
  attempt<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch {
      return undefined;
    }
  }

  /** What was seen of two endpoints while bytes moved between them until nothing moved. */
  exchange(a: WebSocketEndpoint, b: WebSocketEndpoint): { a: Seen[]; b: Seen[] } {
    return exchange(a, b);
  }
}
