/**
 * `NODE_DEBUG=winwire`: prints a line to stderr for each handshake, open, close, abort, request, look-up of a proxy and
 * error. It subscribes to the channels, so it costs nothing if the variable is not set.
 */
import { tracingChannel } from 'node:diagnostics_channel';
import { debuglog } from 'node:util';
import type { AuthStepMessage } from './auth-channels.ts';
import type { HttpConnectedMessage, HttpTrace } from './http-channels.ts';
import type { ProxyTrace } from './proxy-channels.ts';
import { redactUrls } from './redact.ts';
import { subscribeTo } from './typed-channel.ts';
import type { AbortMessage, CloseMessage, ErrorMessage, OpeningTrace, OpenMessage } from './websocket-channels.ts';
import type { RequestAbortMessage, RequestTrace } from './winhttp-channels.ts';

/** The fields of a connection that the lines print. */
interface LoggedConnection {
  readonly role: string;
  readonly backend: string;
  readonly subprotocol: string;
  readonly statistics: Readonly<
    Record<'messagesReceived' | 'messagesSent' | 'wireBytesReceived' | 'wireBytesSent', number>
  >;
}

const log = debuglog('winwire');
const numbers = new WeakMap<object, number>();
const starts = new WeakMap<object, number>();
let lastNumber = 0;

/** Returns the number by which the lines identify a connection or request. */
function numberOf(subject: object): number {
  const number = numbers.get(subject) ?? ++lastNumber;
  numbers.set(subject, number);
  return number;
}

/** Prints one line; control characters are escaped and secrets replaced. */
function write(subject: object, text: string): void {
  const line = redactUrls(text).replace(/\p{Cc}/gu, (character) => encodeURIComponent(character));
  log('%s', `#${numberOf(subject)} ${line}`);
}

function begin(subject: object, text: string): void {
  starts.set(subject, performance.now());
  write(subject, text);
}

const since = (subject: object) => `${(performance.now() - (starts.get(subject) ?? 0)).toFixed(1)} ms`;

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  return `${typeof code === 'string' ? code : error.name}: ${error.message}`;
}

// Subscribes to one step of a TracingChannel.
function onStep<Message>(channel: string, step: 'start' | 'asyncEnd' | 'error', listener: (message: Message) => void) {
  tracingChannel(channel)[step].subscribe((message) => listener(message as Message));
}

function logConnections(): void {
  const channel = 'winwire:websocket:connection';
  onStep<OpeningTrace<LoggedConnection>>(channel, 'start', (trace) => {
    const { role, url, backend = 'default', subprotocols } = trace;
    const offer = subprotocols.length > 0 ? `, subprotocols ${subprotocols.join(', ')}` : '';
    begin(trace, `websocket ${role} handshake: ${url} (backend ${backend}${offer})`);
  });
  onStep<OpeningTrace<LoggedConnection>>(channel, 'error', (trace) => {
    write(trace, `websocket ${trace.role} handshake failed after ${since(trace)}: ${describe(trace.error)}`);
  });
  onStep<OpeningTrace<LoggedConnection>>(channel, 'asyncEnd', (trace) => {
    if (!trace.result) return;
    numbers.set(trace.result, numberOf(trace));
    starts.set(trace.result, starts.get(trace) ?? performance.now());
  });
  subscribeTo<OpenMessage<LoggedConnection>>('winwire:websocket:open', ({ connection }) => {
    const { role, backend, subprotocol } = connection;
    const chosen = subprotocol === '' ? '' : `, subprotocol ${subprotocol}`;
    write(connection, `websocket ${role} open after ${since(connection)} (backend ${backend}${chosen})`);
  });
  subscribeTo<ErrorMessage<LoggedConnection>>('winwire:websocket:error', ({ connection, error }) => {
    if (connection) write(connection, `websocket ${connection.role} error: ${describe(error)}`);
  });
  subscribeTo<AbortMessage<LoggedConnection>>('winwire:websocket:abort', ({ connection, reason }) => {
    const why = reason === undefined ? '' : `: ${describe(reason)}`;
    write(connection, `websocket ${connection.role} aborted${why}`);
  });
  subscribeTo<CloseMessage<LoggedConnection>>('winwire:websocket:close', ({ connection, code, reason }) => {
    const { messagesReceived, messagesSent, wireBytesReceived, wireBytesSent } = connection.statistics;
    const received = `received ${messagesReceived} messages (${wireBytesReceived} bytes)`;
    const sent = `sent ${messagesSent} (${wireBytesSent} bytes)`;
    const why = reason === '' ? '' : ` ${JSON.stringify(reason)}`;
    write(
      connection,
      `websocket ${connection.role} close ${code}${why} after ${since(connection)}: ${received}, ${sent}`,
    );
  });
}

function logRequests(): void {
  const channel = 'winwire:winhttp:request';
  onStep<RequestTrace>(channel, 'start', (trace) => {
    begin(trace, `winhttp ${trace.method || 'GET'} ${trace.url} (backend ${trace.backend})`);
  });
  subscribeTo<RequestAbortMessage>('winwire:winhttp:abort', ({ trace, reason }) => {
    write(trace, `winhttp aborted after ${since(trace)}${reason === undefined ? '' : `: ${describe(reason)}`}`);
  });
  onStep<RequestTrace>(channel, 'error', (trace) => {
    write(trace, `winhttp error after ${since(trace)}: ${describe(trace.error)}`);
  });
  onStep<RequestTrace>(channel, 'asyncEnd', (trace) => {
    const { status, statusText, responseUrl, url, error } = trace;
    if (error !== undefined) return;
    const from = responseUrl === undefined || responseUrl === url ? '' : ` from ${responseUrl}`;
    write(trace, `winhttp response ${status} ${statusText}${from} after ${since(trace)}`);
  });
}

function logHttp(): void {
  const channel = 'winwire:http:request';
  onStep<HttpTrace>(channel, 'start', (trace) => begin(trace, `${trace.door} ${trace.method} ${trace.url}`));
  subscribeTo<HttpConnectedMessage>('winwire:http:connected', ({ trace, address, proxy, connect }) => {
    const by = proxy === undefined ? '' : ` by the proxy ${proxy}`;
    write(trace, `${trace.door} connected to ${address}${by} in ${connect.toFixed(1)} ms`);
  });
  onStep<HttpTrace>(channel, 'asyncEnd', (trace) => {
    const { door, status, statusText, error } = trace;
    const result = error === undefined ? `response ${status} ${statusText}`.trim() : `error ${describe(error)}`;
    write(trace, `${door} ${result} after ${since(trace)}`);
  });
}

/** What the lines say of a resolution. */
interface LoggedResolution {
  readonly source: string;
  readonly by: string;
  readonly warnings: readonly Error[];
}

function logProxies(): void {
  const channel = 'winwire:proxy:resolve';
  onStep<ProxyTrace<LoggedResolution>>(channel, 'start', (trace) => {
    begin(trace, `proxy of ${trace.url} (from ${trace.from}, backend ${trace.backend})`);
  });
  onStep<ProxyTrace<LoggedResolution>>(channel, 'asyncEnd', (trace) => {
    const { result, error } = trace;
    for (const warning of result?.warnings ?? []) write(trace, `proxy warning: ${describe(warning)}`);
    if (result) write(trace, `proxy ${result} (source ${result.source}, by ${result.by}) after ${since(trace)}`);
    else write(trace, `proxy error after ${since(trace)}: ${describe(error)}`);
  });
}

function logAuthentication(): void {
  subscribeTo<AuthStepMessage>('winwire:auth:step', (step) => {
    const { target, host, port, scheme, servicePrincipalName, leg, received, sent } = step;
    const sizes = `received ${received} bytes, to send ${sent}`;
    write(step, `auth ${scheme} leg ${leg} with the ${target} ${host}:${port} (${servicePrincipalName}): ${sizes}`);
  });
}

if (log.enabled) {
  logAuthentication();
  logConnections();
  logRequests();
  logHttp();
  logProxies();
}
