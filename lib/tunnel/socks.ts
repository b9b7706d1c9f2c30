/** Connections through SOCKS proxies, versions 4, 4a and 5. Sources: RFC 1928 and 1929; Ying-Da Lee, "SOCKS 4A". */
import { isIPv6, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ProxyUser } from '../proxy/route-text.ts';
import { ConnectionEnded } from './answer.ts';
import type { Attempt } from './attempt.ts';
import { type Place, placeText } from './dial.ts';
import { ProxyConnectionError } from './proxy-connection-error.ts';
import { type ProxyPeer, peerText } from './proxy-peer.ts';

/** What a connection through a SOCKS proxy needs. */
export interface SocksRequest {
  readonly peer: ProxyPeer;
  readonly target: Place;
  /** The user of the proxy's URL. */
  readonly user: ProxyUser | undefined;
  /** Opens a connection to the proxy. */
  connect(): Promise<Socket>;
}

/**
 * Asks a SOCKS proxy for a connection to the target. The proxy resolves names.
 *
 * @returns the socket, which leads to the target.
 * @throws {ProxyConnectionError} for a refusal; {ConnectionEnded}; an Error for an invalid answer.
 */
export async function openSocks(request: SocksRequest, attempt: Attempt): Promise<Socket> {
  const options = optionsFor(request);
  const socket = await request.connect();
  // Loaded here: few connections go through SOCKS.
  const { SocksClient: Client } = await attempt.wait(import('socks'));
  const wire = new Wire(socket);
  const rest: Buffer[] = [];
  await attempt.stage<void>((resolve, reject) => {
    const client = new Client({ ...options, command: 'connect', existing_socket: wire });
    const stop = pump(socket, wire, attempt, options.proxy.type, reject);
    client.once('established', () => {
      stop();
      wire.on('data', (chunk: Buffer) => rest.push(chunk));
      // The client emits bytes behind the answer in the next turn of the event loop.
      setImmediate(resolve);
    });
    client.once('error', (error) => reject(failureOf(error as Error, request)));
    client.connect(wire);
    return () => {
      stop();
      wire.detach();
      client.removeAllListeners().on('error', () => {});
      // The client has a timer that it never clears.
      Object.assign(options.proxy, { userId: '', password: '' });
    };
  });
  if (rest.length > 0) socket.unshift(Buffer.concat(rest));
  return socket;
}

function optionsFor({ peer, target, user }: SocksRequest) {
  const { kind, host, port } = peer.route;
  const type = kind === 'socks4' ? (4 as const) : (5 as const);
  if (type === 4 && isIPv6(target.host)) {
    throw unsuited(peer, `SOCKS version 4 has no IPv6 addresses, such as ${target.host}: use socks5:`);
  }
  const texts = [target.host, user?.username ?? '', user?.password ?? ''];
  if (texts.some((text) => Buffer.byteLength(text) > 255 || text.includes('\0'))) {
    throw unsuited(peer, 'host, user name and password may have at most 255 bytes each, without NUL');
  }
  const secrets = user && { userId: user.username, ...(type === 5 && { password: user.password }) };
  return { destination: { host: target.host, port: target.port }, proxy: { host, port, type, ...secrets } };
}

const unsuited = (peer: ProxyPeer, why: string): ProxyConnectionError =>
  new ProxyConnectionError('ERR_WINWIRE_PROXY_KIND', `${peerText(peer)} cannot be used: ${why}.`, {
    proxy: placeText(peer.route),
  });

/** What the client reads and writes in place of the socket, which it would leave paused and with lost bytes. */
class Wire extends Duplex {
  #socket: Socket | undefined;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    this.on('error', () => {});
  }

  detach(): void {
    this.#socket = undefined;
    this.destroy();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#socket?.write(chunk);
    callback();
  }
}

/** Passes the proxy's bytes on. */
function pump(
  socket: Socket,
  wire: Wire,
  attempt: Attempt,
  version: 4 | 5,
  onFault: (error: Error) => void,
): () => void {
  let start = Buffer.alloc(0);
  const onReadable = () => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      if (start.length < 2) start = Buffer.concat([start, chunk]);
      // The greeting of version 5 is its first answer; version 4 answers once.
      attempt.isAnswered = version === 5 ? start[0] === 5 && start.length > 1 : start[0] === 0;
      wire.push(chunk);
    }
  };
  const onEnd = () => onFault(new ConnectionEnded(start.length > 0));
  const onError = (error: Error) => onFault(new ConnectionEnded(start.length > 0, error));
  socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd).on('error', onError);
  return () => void socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd).off('error', onError);
}

const HELP = "Put user and password into the proxy's URL, socks5://user:password@host:port.";

/** The package's error is not the cause of ours: it holds the password. */
function failureOf({ message }: Error, { peer, target }: SocksRequest): Error {
  const proxy = placeText(peer.route);
  if (/authentication/i.test(message)) {
    const what = /failed/i.test(message) ? 'rejects the user name or password' : 'asks for authentication';
    return new ProxyConnectionError('ERR_WINWIRE_PROXY_AUTHENTICATION', `${peerText(peer)} ${what}. ${HELP}`, {
      proxy,
    });
  }
  const [, reason] = /rejected connection - \(?(\w+)\)?/.exec(message) ?? [];
  if (reason !== undefined) {
    const answer = reason === 'undefined' ? 'an unknown code' : reason;
    const text = `${peerText(peer)} opens no connection to ${placeText(target)}: it answered ${answer}.`;
    return new ProxyConnectionError('ERR_WINWIRE_PROXY_REFUSED', text, { proxy });
  }
  return new Error(`its answer is not SOCKS (${message})`);
}
