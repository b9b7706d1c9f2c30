import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketConnection } from '../../../lib/websocket/connection/websocket-connection.ts';
import { WebSocketServer } from '../../../lib/websocket/server/websocket-server.ts';

describe('the arguments of an upgrade', () => {
  it.each([
    ['no request', [], 'request'],
    ['no socket', [{ rawHeaders: [] }, {}], 'socket'],
    ['no head', [{ rawHeaders: [] }, new net.Socket()], 'head'],
  ])('reject %s', async (_, upgrade, name) => {
    const refused = { code: 'ERR_INVALID_ARG_TYPE', message: expect.stringContaining(`"${name}"`) };
    const given = upgrade as unknown as Parameters<typeof WebSocketConnection.accept>;
    const [request, socket, head] = given;
    await expect(new WebSocketServer({ noServer: true }).handleUpgrade(request, socket, head)).rejects.toMatchObject(
      refused,
    );
    await expect(WebSocketConnection.accept(...given)).rejects.toMatchObject(refused);
  });
});
