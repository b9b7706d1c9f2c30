// A case of the protocol: what a peer writes to an echo server, and what must come back.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEchoServer } from '../../examples/echo-server.ts';
import type { HandleOptions } from '../../examples/lib/handshake.ts';
import { availableBackends } from '../helpers/backends.ts';
import { close, Opcode, RawClient } from './raw-client.ts';

/** A message or a pong that comes back. */
export interface Answer {
  opcode: number;
  payload: Buffer;
}

export interface ProtocolCase {
  title: string;
  /** Frames, or any bytes; written as one block unless `chop` says otherwise. */
  write: readonly Uint8Array[];
  /** Bytes of one write. */
  chop?: number;
  /** What must come back first, in this order. */
  answers?: readonly Answer[];
  /**
   * The status of the Close that ends the connection: one that the server must find wrong (1002, 1007 …), or what it
   * answers to a Close that is part of `write`. Undefined: it has nothing to object, and answers our Close of 1000.
   */
  closes?: number | readonly number[];
  /** A Close without a status answers one. */
  closesEmpty?: boolean;
}

export const echoOf = (opcode: number, payload: string | Uint8Array): Answer => ({
  opcode,
  payload: Buffer.from(payload as string),
});
export const textEcho = (payload: string | Uint8Array) => echoOf(Opcode.TEXT, payload);
export const binaryEcho = (payload: string | Uint8Array) => echoOf(Opcode.BINARY, payload);
export const pongOf = (payload: string | Uint8Array = '') => echoOf(Opcode.PONG, payload);

/** Status of the Close that answers a mistake. */
export const PROTOCOL_ERROR = 1002;
export const BAD_TEXT = 1007;

/** A set-up of the echo server under test. */
export interface Setup extends HandleOptions {
  name: string;
}

/** Every backend, with a receive buffer that holds what a socket reads, and with the smallest one. */
export const SETUPS: readonly Setup[] = availableBackends.flatMap((backend) => [
  { name: `${backend}, receive buffer of 64 KiB`, backend, receiveBufferSize: 65_536 },
  { name: `${backend}, receive buffer of 256 bytes`, backend, receiveBufferSize: 256 },
]);

/** Runs the cases against an echo server of each set-up. */
export function describeCases(
  subject: string,
  cases: readonly ProtocolCase[],
  setups: readonly Setup[] = SETUPS,
): void {
  describe.each(setups)(`${subject} ($name)`, (setup) => {
    let server: Server;
    let port: number;

    beforeAll(async () => {
      server = createEchoServer(setup).listen(0, '127.0.0.1');
      await once(server, 'listening');
      ({ port } = server.address() as AddressInfo);
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    it.each(cases)('$title', (protocolCase) => runCase(port, protocolCase));
  });
}

async function runCase(port: number, { write, chop, answers = [], closes, closesEmpty }: ProtocolCase): Promise<void> {
  const client = await RawClient.open(port);
  try {
    const bytes = Buffer.concat(write);
    const written = client.writeChopped(bytes, chop ?? Math.max(bytes.length, 1));
    for (const answer of answers) expectSame(await readAnswer(client), answer);
    if (closes === undefined && !closesEmpty) {
      await written;
      client.write(close(1000));
    }
    const last = await client.readFrame();
    expect(last?.opcode, 'the last frame is a Close').toBe(Opcode.CLOSE);
    if (closesEmpty) expect(last?.payload.length).toBe(0);
    else expect([closes ?? 1000].flat()).toContain(last?.payload.readUInt16BE());
    // The server ends the TCP connection without waiting for us.
    await client.readToEnd();
    await written;
  } finally {
    client.destroy();
  }
}

/** A whole message or a pong, whatever frames it came in. */
async function readAnswer(client: RawClient): Promise<Answer | undefined> {
  const parts: Buffer[] = [];
  let opcode: number | undefined;
  for (;;) {
    const part = await client.readFrame();
    if (!part) return undefined;
    opcode ??= part.opcode;
    parts.push(part.payload);
    if (part.fin) return { opcode, payload: Buffer.concat(parts) };
  }
}

/** Like toEqual, which takes minutes over 16 MiB. */
function expectSame(found: Answer | undefined, wanted: Answer): void {
  expect(found?.opcode).toBe(wanted.opcode);
  expect(found?.payload.length).toBe(wanted.payload.length);
  if (wanted.payload.length <= 1000) expect(found?.payload).toEqual(wanted.payload);
  else expect(found?.payload.equals(wanted.payload)).toBe(true);
}
