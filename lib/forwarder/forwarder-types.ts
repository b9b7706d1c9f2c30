/** The public types of the forwarder. */
import type { NetworkOptions } from '../tunnel/network-options.ts';

/** A request that the forwarder has answered. It names the origin only: no path, query, user or password. */
export interface ForwardedRequest {
  /** The address of the client. */
  readonly client: string;
  readonly method: string;
  /** `example.org:443` of a tunnel, `http://example.org` of a request; undefined if the request was invalid. */
  readonly origin: string | undefined;
  /** The status that the client was answered. */
  readonly status: number;
  /** The way it took, as a PAC script writes it; undefined if none was opened. */
  readonly route: string | undefined;
  /** Time until the answer. */
  readonly milliseconds: number;
  /** Why the forwarder did not forward it. */
  readonly error: string | undefined;
}

/** What a forwarder has done. */
export interface ForwarderStatistics {
  /** Open connections of clients. */
  readonly connections: number;
  /** Open tunnels. */
  readonly tunnels: number;
  /** Requests that were answered, refusals included. */
  readonly requests: number;
  /** Requests that were refused or whose server could not be reached. */
  readonly failures: number;
  /** Bytes received from clients whose connection has ended. */
  readonly bytesReceived: number;
  /** Bytes sent to clients whose connection has ended. */
  readonly bytesSent: number;
}

/** Limits of a forwarder. `Infinity` disables one. */
export interface ForwarderLimits {
  /** Open connections of clients; default 10,000. Beyond it one whose request has not shown the password is closed, else 503. */
  readonly connections: number;
  /** Bytes of the head of a request; default 64 KiB. Beyond it 431. */
  readonly headSize: number;
  /** Milliseconds for the head of a request, also the next one of a connection; default 60,000. Then 408. */
  readonly headTime: number;
  /** Milliseconds without a byte in a tunnel, or of a response; default one hour. 504 before the response. */
  readonly idleTime: number;
}

/** Options of {@link createForwarder}, beside those of all connections. */
export interface ForwarderOptions {
  /** Default 0: one that is free on all addresses. */
  readonly port?: number | undefined;
  /** Addresses to listen on; default both loopback addresses. Others need `allow`. */
  readonly listen?: readonly string[] | undefined;
  /** Addresses and CIDR ranges of further clients; those of this machine by a loopback address are always admitted. */
  readonly allow?: readonly string[] | undefined;
  /** Default: a random one. `false`: none is asked for. */
  readonly password?: string | false | undefined;
  readonly limits?: Partial<ForwarderLimits> | undefined;
  /** Called for each request when it is answered. */
  readonly onRequest?: ((request: ForwardedRequest) => void) | undefined;
}

/** All options of a forwarder. */
export type ForwarderInit = NetworkOptions & ForwarderOptions;

/** A running local proxy. */
export interface Forwarder extends AsyncDisposable {
  /** With user name and password, for HTTP_PROXY and HTTPS_PROXY. */
  readonly url: string;
  readonly port: number;
  /** The addresses that are listened on. */
  readonly addresses: readonly string[];
  readonly statistics: ForwarderStatistics;
  /**
   * Stops listening, closes idle connections, and others after `grace` milliseconds (default 0) or when they have ended.
   */
  close(options?: { readonly grace?: number }): Promise<void>;
}
