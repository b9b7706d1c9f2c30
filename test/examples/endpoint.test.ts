// The driving loop that the examples share: test/interop tests the normal operation, this file the rest.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WinwireError } from 'winwire';
import { BufferType, websocketFunctions } from 'winwire/sys';
import type { Ending, Endpoint, EndpointOptions } from '../../examples/lib/endpoint.ts';
import { accept, connect } from '../../examples/lib/handshake.ts';
import { PeerFault } from '../../examples/lib/message-assembler.ts';
import { availableBackends } from '../helpers/backends.ts';
import { sendUntilHeld } from '../helpers/held-send.ts';
import { close, fragmented, more, Opcode, ping, RawPeer, text } from '../interop/raw-peer.ts';

describe.each(availableBackends)('an endpoint on %s', (backend) => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    server.close();
  });

  async function acceptOne(options: EndpointOptions = {}): Promise<Endpoint> {
    const [request, socket, head] = await once(server, 'upgrade');
    return accept(request, socket, head, { backend, ...options }) as Endpoint;
  }

  /** Both ends use our endpoint. */
  async function openPair(): Promise<{ client: Endpoint; server: Endpoint }> {
    const accepted = acceptOne();
    const client = await connect({ url: `ws://127.0.0.1:${port}/`, backend });
    return { client, server: await accepted };
  }

  /** The test controls the other end. */
  async function openRaw(options: EndpointOptions = {}): Promise<{ raw: RawPeer; ours: Endpoint }> {
    const accepted = acceptOne(options);
    const raw = await RawPeer.open(port);
    return { raw, ours: await accepted };
  }

  const closed = async (endpoint: Endpoint) => ((await once(endpoint, 'closed')) as [Ending])[0];

  it('resolves a send when the network has accepted it', async () => {
    const pair = await openPair();
    expect(await pair.client.send('taken')).toBe(true);
    pair.client.abort();
  });

  it('is open until it closes', async () => {
    const pair = await openPair();
    const endings = Promise.all([closed(pair.client), closed(pair.server)]);
    expect(pair.client.open).toBe(true);
    pair.client.close();
    expect(pair.client.open).toBe(false);
    expect(await pair.client.send('too late')).toBe(false);
    await endings;
    expect(pair.server.open).toBe(false);
    // No effect: the connection has ended.
    pair.server.close();
    pair.server.abort();
  });

  it('returns unsent contexts when it is aborted', async () => {
    const { raw, ours } = await openRaw();
    raw.socket.pause();
    // The system's answers are reported only after the turn ends.
    const sends = [1, 2, 3].map(() => ours.send(Buffer.alloc(8 * 1024 * 1024)));
    const ending = closed(ours);
    ours.abort();
    expect(await Promise.all(sends)).toEqual([false, false, false]);
    expect(await ending).toEqual({ status: 1006, reason: '', clean: false });
    raw.destroy();
  });

  it('returns unsent contexts when the peer is gone', async () => {
    const { raw, ours } = await openRaw();
    raw.socket.pause();
    const sends = await sendUntilHeld(() => ours.send(Buffer.alloc(8 * 1024 * 1024)));
    sends.push(ours.send('behind it'));
    const ending = closed(ours);
    raw.socket.resetAndDestroy();
    // Bytes that the system has accepted count as sent.
    expect((await Promise.all(sends)).slice(-2)).toEqual([false, false]);
    expect((await ending).clean).toBe(false);
  });

  it('returns the context of a send to a closed socket', async () => {
    const upgrade = once(server, 'upgrade');
    const { raw, ours } = await openRaw();
    const [, socket] = await upgrade;
    socket.destroy();
    expect(await ours.send('not sent')).toBe(false);
    raw.destroy();
  });

  it('can be aborted by the listener of a message', async () => {
    const { raw, ours } = await openRaw();
    const messages: unknown[] = [];
    ours.on('message', (message) => {
      messages.push(message);
      ours.abort();
    });
    const ending = closed(ours);
    raw.write(Buffer.concat([text('one'), text('two')]));
    await ending;
    expect(messages).toEqual(['one']);
    raw.destroy();
  });

  it('can send in the listener of a message', async () => {
    const { raw, ours } = await openRaw();
    ours.on('message', (message) => ours.send(`${message}!`));
    raw.write(Buffer.concat([text('one'), text('two')]));
    expect((await raw.readFrame())?.payload.toString()).toBe('one!');
    expect((await raw.readFrame())?.payload.toString()).toBe('two!');
    raw.destroy();
    await closed(ours);
  });

  it('emits no message after its error', async () => {
    const { raw, ours } = await openRaw();
    const ending = closed(ours);
    raw.write(Buffer.concat([text('good'), more('a continuation of nothing'), text('never seen')]));
    const messages: unknown[] = [];
    ours.on('message', (message) => messages.push(message));
    const { error, status, clean } = await endingAfter(raw, ending);
    expect(messages).toEqual(['good']);
    expect({ status, clean }).toEqual({ status: 1006, clean: false });
    expect(error).toBeInstanceOf(PeerFault);
    expect(error?.cause).toBeInstanceOf(WinwireError);
    expect(error).toMatchObject({ status: 1002, cause: { syscall: 'WebSocketGetAction' } });
  });

  /** The raw peer closes after it has read everything. */
  async function endingAfter(raw: RawPeer, ending: Promise<Ending>): Promise<Ending> {
    await raw.readToEnd();
    raw.destroy();
    return ending;
  }

  it('reads nothing while it is paused, and everything after resume', async () => {
    const upgrade = once(server, 'upgrade');
    const { raw, ours } = await openRaw();
    const [, socket] = await upgrade;
    const messages: unknown[] = [];
    ours.on('message', (message) => messages.push(message));
    // Each pause needs its resume.
    ours.pause();
    ours.pause();
    ours.resume();
    raw.write(text('waiting'));
    await once(socket, 'readable');
    expect(messages).toEqual([]);
    ours.resume();
    expect(messages).toEqual(['waiting']);
    raw.destroy();
  });

  it('waits for the answer to its Close, with a time limit', async () => {
    const { raw, ours } = await openRaw({ closeTimeout: 50 });
    const ending = closed(ours);
    ours.close(1001, 'silence');
    expect((await raw.readFrame())?.opcode).toBe(Opcode.CLOSE);
    expect(await ending).toEqual({ status: 1006, reason: '', clean: false });
    raw.destroy();
  });

  it('accepts messages until the answer to its Close arrives', async () => {
    const { raw, ours } = await openRaw();
    const [ending, message] = [closed(ours), once(ours, 'message')];
    ours.close(1000);
    await raw.readFrame();
    raw.write(Buffer.concat([text('on its way'), close(1000)]));
    expect(await message).toEqual(['on its way']);
    raw.socket.end();
    expect(await ending).toEqual({ status: 1000, reason: '', clean: true });
  });

  it('answers no ping twice, and closes once after a ping', async () => {
    const { raw, ours } = await openRaw();
    const ending = closed(ours);
    ours.close(1000);
    raw.write(Buffer.concat([ping('still here'), close(1000)]));
    const opcodes: (number | undefined)[] = [];
    for (let frame = await raw.readFrame(); frame; frame = await raw.readFrame()) opcodes.push(frame.opcode);
    expect(opcodes).toEqual([Opcode.CLOSE, Opcode.PONG]);
    raw.socket.end();
    expect((await ending).clean).toBe(true);
  });

  it('limits a message in one frame or many', async () => {
    for (const size of [10, 1_000]) {
      const { raw, ours } = await openRaw({ maxMessageSize: 99 });
      const ending = closed(ours);
      raw.write(Buffer.concat(fragmented(Opcode.TEXT, Buffer.alloc(100, 'x'), size)));
      expect((await raw.readFrame())?.payload.readUInt16BE()).toBe(1009);
      raw.destroy();
      expect((await ending).error).toMatchObject({ name: 'PeerFault', status: 1009 });
    }
  });

  it('continues when a listener throws', async () => {
    const { raw, ours } = await openRaw();
    ours.once('message', () => {
      throw new Error('of the listener');
    });
    const uncaught = new Promise((resolve) => {
      process.prependOnceListener('uncaughtException', resolve);
    });
    const others = process.listeners('uncaughtException').slice(1);
    for (const listener of others) process.removeListener('uncaughtException', listener);
    raw.write(text('one'));
    expect(await uncaught).toMatchObject({ message: 'of the listener' });
    for (const listener of others) process.on('uncaughtException', listener);
    const message = once(ours, 'message');
    raw.write(text('two'));
    expect(await message).toEqual(['two']);
    raw.destroy();
  });

  it('passes the errors of the functions to the caller', async () => {
    const pair = await openPair();
    await pair.client.sendPart(BufferType.UTF8_FRAGMENT, Buffer.from('a text is begun'));
    expect(() => pair.client.send(Buffer.from('bytes'))).toThrow(WinwireError);
    expect(() => pair.client.close(999)).toThrow(WinwireError);
    expect(pair.client.open).toBe(true);
    pair.client.abort();
  });

  describe('a server', () => {
    const answerTo = async (...headers: string[]) => answerToRequest('GET', ...headers);

    const answerToRequest = async (method: string, ...headers: string[]) => {
      server.on('upgrade', (request, socket, head) => accept(request, socket, head, { backend }));
      const raw = await RawPeer.connect(port);
      raw.write(
        Buffer.from(
          [`${method} / HTTP/1.1`, 'Host: localhost', 'Connection: Upgrade', ...headers, '', ''].join('\r\n'),
        ),
      );
      const head = await raw.readHead();
      await raw.readToEnd();
      raw.destroy();
      return head;
    };

    it('rejects a handshake without a key with 400', async () => {
      expect(await answerTo('Upgrade: websocket', 'Sec-WebSocket-Version: 13')).toMatch(/^HTTP\/1.1 400 /);
    });

    it('rejects another method with 405', async () => {
      const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
      const head = await answerToRequest('POST', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', key);
      expect(head).toMatch(/^HTTP\/1.1 405 /);
    });

    it('rejects another protocol with 400', async () => {
      expect(await answerTo('Upgrade: h2c')).toMatch(/^HTTP\/1.1 400 /);
    });

    it('rejects another version with 426 and lists its own', async () => {
      const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
      const head = await answerTo('Upgrade: websocket', 'Sec-WebSocket-Version: 8', key);
      expect(head).toMatch(/^HTTP\/1.1 426 /);
      expect(head).toContain('Sec-WebSocket-Version: 13');
    });
  });

  describe('a client', () => {
    const connecting = () => connect({ url: `ws://127.0.0.1:${port}/`, backend });

    it('fails if the server answers with a page', async () => {
      server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
      await expect(connecting()).rejects.toThrow('404 Not Found');
    });

    it('rejects an answer without the right Sec-WebSocket-Accept', async () => {
      server.on('upgrade', (_request, socket) => {
        const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
        socket.write([...head, 'Sec-WebSocket-Accept: c2hvdWxkIGJlIGFub3RoZXI=', '', ''].join('\r\n'));
      });
      await expect(connecting()).rejects.toMatchObject({
        code: 'E_INVALID_PROTOCOL_FORMAT',
        syscall: 'WebSocketEndClientHandshake',
      });
    });

    it('fails if there is no server', async () => {
      server.close();
      await expect(connecting()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    });

    it('accepts bytes that arrive with the answer', async () => {
      server.on('upgrade', (request, socket) => {
        const handle = websocketFunctions.WebSocketCreateServerHandle([], { backend });
        const headers = [];
        for (let i = 0; i < request.rawHeaders.length; i += 2) {
          headers.push({ name: request.rawHeaders[i] as string, value: request.rawHeaders[i + 1] as string });
        }
        const answer = websocketFunctions.WebSocketBeginServerHandshake(handle, undefined, undefined, headers);
        const lines = answer.map(({ name, value }) => `${name}: ${value}\r\n`).join('');
        websocketFunctions.WebSocketDeleteHandle(handle);
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n\u0081\u0005Hello`, 'latin1');
      });
      const client = await connecting();
      expect(await once(client, 'message')).toEqual(['Hello']);
      client.abort();
    });
  });
});
