// What a fetch results in, for comparisons of two of them.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { buffer } from 'node:stream/consumers';

type Fetch = typeof globalThis.fetch;

/** A request as the server got it. */
interface SeenRequest {
  readonly line: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** What a case does with the server at `origin`. */
export type Act = (call: Fetch, origin: string) => Promise<unknown>;

const BOUNDARY = /-{4,}formdata-undici-\d+/g;

/** Runs a case against a new server; returns its result with the requests that came there. */
export async function outcomeOf(call: Fetch, act: Act, answer: RequestListener | string): Promise<object> {
  const seen: SeenRequest[] = [];
  const server = typeof answer === 'string' ? rawServer(answer, seen) : recordingServer(answer, seen);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const result = await act(call, `http://${place}`).catch(describeError);
    const text = JSON.stringify({ result, seen }).replaceAll(place, 'SERVER').replace(BOUNDARY, 'BOUNDARY');
    return JSON.parse(text);
  } finally {
    (server as { closeAllConnections?(): void }).closeAllConnections?.();
    server.close();
  }
}

function recordingServer(answer: RequestListener, seen: SeenRequest[]): Server {
  return createServer(async (request: IncomingMessage, response) => {
    const bytes = await buffer(request).catch(() => Buffer.from('broken off'));
    const line = `${request.method} ${request.url} ${request.httpVersion}`;
    seen.push({ line, headers: request.rawHeaders, body: bytes.toString('latin1') });
    answer(request, response);
  });
}

/** Answers each request by these bytes, and closes the connection. */
function rawServer(answer: string, seen: SeenRequest[]): Server {
  return createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (head) => {
      seen.push({ line: head.toString('latin1'), headers: [], body: '' });
      socket.end(Buffer.from(answer, 'latin1'));
    });
  });
}

/** The parts of a response that a program sees, and its body or the error of reading it. */
export async function describeResponse(response: Response): Promise<object> {
  const { status, statusText, type, url, redirected, ok } = response;
  const isGlobal = response instanceof Response && response.headers instanceof Headers;
  const body = await response.arrayBuffer().then((bytes) => Buffer.from(bytes).toString('latin1'), describeError);
  const headers = [...response.headers].filter(([name]) => name !== 'date');
  return { status, statusText, type, url, redirected, ok, isGlobal, headers, body, used: response.bodyUsed };
}

/** Describes an error with its causes. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { thrown: String(error) };
  const { name, message, cause } = error;
  const { code } = error as { code?: unknown };
  const isGlobal = [TypeError, DOMException, RangeError].find((known) => error instanceof known)?.name;
  return { name, message, code, isGlobal, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}
