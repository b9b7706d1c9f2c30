// A protocol case: what a peer writes to an echo endpoint, and the expected answers. The numbers in titles are those of
// the Autobahn test suite (categories 1 to 7, 9 and 10), the usual interpretation of RFC 6455.
import { expect } from 'vitest';
import { describeEndpoints, type EchoEndpoint } from './echo-endpoints.ts';
import { close, Opcode, ofServer, type RawPeer } from './raw-peer.ts';

/** An echoed message or a pong. */
export interface Answer {
  opcode: number;
  payload: Buffer;
}

export interface ProtocolCase {
  title: string;
  /** Frames, or any bytes; written as one block unless `chop` is set. */
  write: readonly Uint8Array[];
  /** Bytes per write, or one write per frame. */
  chop?: number | 'frames';
  /** The expected answers before the close, in order. */
  answers?: readonly Answer[];
  /** Pongs may overtake messages sent before their pings: "as soon as is practical" (RFC 6455, 5.5.3). */
  pongsMayOvertake?: boolean;
  /**
   * The status of the Close that ends the connection: for an error (1002, 1007 …), or the answer to a Close in `write`.
   * Undefined: no error; the endpoint answers our Close of 1000.
   */
  closes?: number | readonly number[];
  /** A Close without a status is answered with one without. */
  closesEmpty?: boolean;
  /** Only a client can make this error. */
  ofClients?: boolean;
}

const echoOf = (opcode: number, payload: string | Uint8Array): Answer => ({
  opcode,
  payload: Buffer.from(payload as string),
});
export const textEcho = (payload: string | Uint8Array) => echoOf(Opcode.TEXT, payload);
export const binaryEcho = (payload: string | Uint8Array) => echoOf(Opcode.BINARY, payload);
export const pongOf = (payload: string | Uint8Array = '') => echoOf(Opcode.PONG, payload);

/** Status of the Close after a protocol error. */
export const PROTOCOL_ERROR = 1002;
export const BAD_TEXT = 1007;

/** Runs the cases against every endpoint, or the given ones. */
export function describeCases(
  subject: string,
  cases: readonly ProtocolCase[],
  endpoints?: readonly EchoEndpoint[],
): void {
  describeEndpoints(
    subject,
    cases,
    ({ ofClients }, { role }) => !ofClients || role === 'server',
    (protocolCase, peer, { role }) => runCase(peer, protocolCase, role),
    endpoints,
  );
}

async function runCase(peer: RawPeer, protocolCase: ProtocolCase, role: EchoEndpoint['role']): Promise<void> {
  const { closes, closesEmpty } = protocolCase;
  const written = peer.writePieces(piecesOf(protocolCase, role));
  await readAnswers(peer, protocolCase);
  if (closes === undefined && !closesEmpty) {
    await written;
    peer.write(role === 'server' ? close(1000) : ofServer(close(1000)));
  }
  const last = await peer.readFrame();
  expect(last?.opcode, 'the last frame is a Close').toBe(Opcode.CLOSE);
  if (closesEmpty) expect(last?.payload.length).toBe(0);
  else expect([closes ?? 1000].flat()).toContain(last?.payload.readUInt16BE());
  // A server ends the TCP connection without waiting for its client, which waits for its server (RFC 6455, 7.1.1).
  if (role === 'client') peer.end();
  await peer.readToEnd();
  await written;
}

function piecesOf({ write, chop }: ProtocolCase, role: EchoEndpoint['role']): Iterable<Uint8Array> {
  const frames = role === 'server' ? write : write.map(ofServer);
  if (chop === 'frames') return frames;
  const bytes = Buffer.concat(frames);
  return chop === undefined ? [bytes] : cut(bytes, chop);
}

function* cut(bytes: Buffer, size: number): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAnswers(peer: RawPeer, { answers = [], pongsMayOvertake = false }: ProtocolCase): Promise<void> {
  const waiting = [...answers];
  while (waiting.length > 0) {
    const found = await readAnswer(peer);
    const sameKind = waiting.findIndex(({ opcode }) => (opcode === Opcode.PONG) === (found?.opcode === Opcode.PONG));
    const at = pongsMayOvertake && sameKind >= 0 ? sameKind : 0;
    expectSame(found, waiting.splice(at, 1)[0] as Answer);
  }
}

/** Reads a whole message, in any frames, or a pong. */
export async function readAnswer(peer: RawPeer): Promise<Answer | undefined> {
  const parts: Buffer[] = [];
  let opcode: number | undefined;
  for (;;) {
    const part = await peer.readFrame();
    if (!part) return undefined;
    opcode ??= part.opcode;
    parts.push(part.payload);
    if (part.fin) return { opcode, payload: Buffer.concat(parts) };
  }
}

/** Like toEqual, which takes minutes for 16 MiB. */
function expectSame(found: Answer | undefined, wanted: Answer): void {
  expect(found?.opcode).toBe(wanted.opcode);
  expect(found?.payload.length).toBe(wanted.payload.length);
  if (wanted.payload.length <= 1000) expect(found?.payload).toEqual(wanted.payload);
  else expect(found?.payload.equals(wanted.payload)).toBe(true);
}
