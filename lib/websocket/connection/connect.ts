/** The connecting side of the opening handshake, RFC 6455 section 4.1, over node:http and node:https. */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { abortErrorOf, onAbort, refusalOf } from '../../abort-signal.ts';
import { invalidArgumentValue, WinwireError } from '../../errors.ts';
import { loadNative } from '../../native.ts';
import { validateObject } from '../../options.ts';
import { startLimit } from '../../time-limit.ts';
import { readTokens } from '../functions/function-arguments.ts';
import { ConnectionError, UpgradeRefusedError } from './connection-errors.ts';
import type { ConnectionParts } from './connection-types.ts';
import { HANDLE_OPTIONS, type HandleOptions, HandshakeHandle, packHeaders, readArray } from './handshake.ts';
import { ANSWER_OPTIONS, readAnswer } from './handshake-answer.ts';
import { type ConnectionLimits, connectionLimits } from './limits.ts';
import { prepareTransport } from './transport.ts';

const TRANSPORT_OPTIONS = [
  'agent',
  'auth',
  'ca',
  'cert',
  'checkServerIdentity',
  'ciphers',
  'createConnection',
  'crl',
  'ecdhCurve',
  'family',
  'hints',
  'key',
  'localAddress',
  'localPort',
  'lookup',
  'maxVersion',
  'minVersion',
  'passphrase',
  'pfx',
  'rejectUnauthorized',
  'secureOptions',
  'servername',
  'sigalgs',
  'socketPath',
] as const;

// Node.js takes these too; its types do not have them.
const UNTYPED_OPTIONS = ['autoSelectFamily', 'autoSelectFamilyAttemptTimeout', 'secureContext', 'session'];

/** Options of node:https that a connection passes on: agent, TLS and addresses. */
type TransportOptions = Pick<https.RequestOptions, (typeof TRANSPORT_OPTIONS)[number]>;

const CONNECT_OPTIONS = {
  names: ['subprotocols', 'headers', 'signal', ...HANDLE_OPTIONS.names, ...TRANSPORT_OPTIONS, ...UNTYPED_OPTIONS],
  instead: {
    ...HANDLE_OPTIONS.instead,
    protocol: 'subprotocols',
    protocols: 'subprotocols',
    subprotocol: 'subprotocols',
    origin: 'headers: { Origin }',
    perMessageDeflate: 'no compression: the component has none',
  },
};

/** Options of WebSocketConnection.connect. */
export interface ConnectOptions extends HandleOptions, TransportOptions {
  /** Offered in this order. */
  readonly subprotocols?: readonly string[] | undefined;
  /** Further headers of the request; the handshake's own cannot be replaced. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Ends the attempt. */
  readonly signal?: AbortSignal | undefined;
}

/** Sends the request and hands over the open connection. */
export async function connectUpgrade(url: string | URL, given: ConnectOptions): Promise<ConnectionParts> {
  const options: ConnectOptions = validateObject(given, 'options', CONNECT_OPTIONS);
  const target = readUrl(url);
  const limits = connectionLimits(options.limits);
  const subprotocols = readArray(options.subprotocols, 'subprotocols', 'strings');
  const packedSubprotocols = readTokens(subprotocols, 'subprotocols');
  const refusal = refusalOf(options.signal);
  if (refusal !== undefined) throw refusal;
  const handle = new HandshakeHandle(false, options);
  try {
    const ours = loadNative().beginClientHandshake(handle.native, packedSubprotocols, null, null);
    if (typeof ours === 'number') throw new WinwireError('WebSocketBeginClientHandshake', ours);
    const { response, socket, head } = await requestUpgrade(target, ours, options, limits);
    const selected = endHandshake(handle, response, socket);
    return {
      transport: prepareTransport(socket),
      head,
      makePump: (owner) => handle.makePump(owner),
      role: 'client',
      backend: handle.backend,
      subprotocol: selected < 0 ? '' : (subprotocols[selected] as string),
      limits,
      keepAliveInterval: handle.keepAliveInterval,
    };
  } catch (error) {
    handle.delete();
    throw error;
  }
}

const SCHEMES: ReadonlyMap<string, 'http:' | 'https:'> = new Map([
  ['ws:', 'http:'],
  ['http:', 'http:'],
  ['wss:', 'https:'],
  ['https:', 'https:'],
]);

function readUrl(url: string | URL): URL {
  let target: URL;
  try {
    target = new URL(url);
  } catch {
    throw invalidArgumentValue('url', 'an absolute URL', String(url));
  }
  const protocol = SCHEMES.get(target.protocol);
  if (protocol === undefined) throw invalidArgumentValue('url', 'a ws:, wss:, http: or https: URL', target.protocol);
  if (target.hash !== '') throw invalidArgumentValue('url', 'without a fragment', target.hash);
  // A special scheme is exchanged for another special scheme; the setter of `protocol` would not take ws: to http:.
  return new URL(protocol + target.href.slice(target.protocol.length));
}

interface Upgraded {
  readonly response: http.IncomingMessage;
  readonly socket: Duplex;
  readonly head: Uint8Array;
}

function requestUpgrade(
  target: URL,
  ours: readonly string[],
  options: ConnectOptions,
  limits: ConnectionLimits,
): Promise<Upgraded> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    const client = target.protocol === 'https:' ? https : http;
    const request = client.request(target, {
      ...transportOptions(options),
      ...ANSWER_OPTIONS,
      headers: requestHeaders(options, ours),
      method: 'GET',
    });
    const limit = startLimit(limits.handshakeTimeout, () =>
      fail(new ConnectionError('ERR_WEBSOCKET_TIMEOUT', 'The opening handshake took too long')),
    );
    const done = () => {
      clearTimeout(limit);
      stop?.();
    };
    const fail = (error: unknown) => {
      done();
      reject(error);
      request.destroy();
    };
    const stop = signal ? onAbort(signal, () => fail(abortErrorOf(signal))) : undefined;
    request.on('error', fail);
    request.on('socket', (socket) =>
      readAnswer(socket, (error) => fail(new ConnectionError('ERR_WEBSOCKET_HANDSHAKE', error.message, error))),
    );
    request.on('response', (response) => {
      fail(new UpgradeRefusedError(response.statusCode ?? 0, response.statusMessage ?? '', response.headers));
    });
    request.on('upgrade', (response, socket, head) => {
      done();
      resolve({ response, socket, head });
    });
    request.end();
  });
}

/** What is node:https's of the options, and neither the handle's nor ours. */
function transportOptions(options: ConnectOptions): TransportOptions {
  const { subprotocols, properties, limits, backend, keepAlive, trace, signal, headers, ...transport } = options;
  return transport;
}

function requestHeaders(options: ConnectOptions, ours: readonly string[]): http.OutgoingHttpHeaders {
  const headers = { ...validateObject(options.headers, 'headers') };
  for (let i = 0; i < ours.length; i += 2) headers[ours[i] as string] = ours[i + 1] as string;
  return headers as http.OutgoingHttpHeaders;
}

/** The index of the selected sub-protocol, or -1. */
function endHandshake(handle: HandshakeHandle, response: http.IncomingMessage, socket: Duplex): number {
  const selected = loadNative().endClientHandshake(handle.native, packHeaders(response.rawHeaders));
  if (typeof selected !== 'number') return selected[0] as number;
  socket.destroy();
  throw new WinwireError('WebSocketEndClientHandshake', selected);
}
