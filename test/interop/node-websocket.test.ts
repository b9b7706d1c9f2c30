// The functions against Node's WebSocket class (version 22 and newer).
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createEchoServer } from '../../examples/echo-server.ts';
import { availableBackends } from '../helpers/backends.ts';

/** The used part of the class, which the types of Node 20 lack. */
interface NodeWebSocket extends EventTarget {
  binaryType: string;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

const { WebSocket } = globalThis as { WebSocket?: new (url: string) => NodeWebSocket };

describe.runIf(WebSocket).each(availableBackends)("a %s server and Node's own WebSocket", (backend) => {
  async function open() {
    const server = createEchoServer({ backend }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = new (WebSocket as NonNullable<typeof WebSocket>)(`ws://127.0.0.1:${port}/`);
    socket.binaryType = 'arraybuffer';
    await once(socket, 'open');
    return { socket, [Symbol.dispose]: () => server.close() };
  }

  it.each([0, 1, 125, 126, 65_535, 65_536, 1_048_576])('echoes %i bytes', async (size) => {
    using connection = await open();
    const bytes = Buffer.alloc(size, 'Grüße! ');
    const answer = once(connection.socket, 'message');
    connection.socket.send(bytes);
    const [{ data }] = (await answer) as [{ data: ArrayBuffer }];
    expect(bytes.equals(new Uint8Array(data))).toBe(true);
    connection.socket.close();
  });

  it('echoes text', async () => {
    using connection = await open();
    const answer = once(connection.socket, 'message');
    connection.socket.send('Grüße, 世界 👋');
    expect((await answer)[0].data).toBe('Grüße, 世界 👋');
    connection.socket.close();
  });

  it.each([1000, 3000, 4999])('closes with %i', async (code) => {
    using connection = await open();
    const closed = once(connection.socket, 'close');
    connection.socket.close(code, 'done');
    expect((await closed)[0]).toMatchObject({ code, wasClean: true });
  });
});
