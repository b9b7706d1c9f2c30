// The 13 functions over the protocol classes of ws, as far as ws has them: its Sender writes frames and its Receiver
// reads them. The handshake is done here (ws performs its own on sockets), and properties are not supported. For npm
// run example -- parity-ws.
import { createHash, randomBytes } from 'node:crypto';
import { Action, BufferType, type HttpHeader, type WebSocketAction, type WebSocketClose } from 'winwire/sys';
import * as ws from 'ws';

// ws exports both, but its types do not.
const { Sender, Receiver } = ws as unknown as {
  Sender: {
    frame(data: Buffer, options: { fin: boolean; mask: boolean; opcode: number; readOnly: boolean }): Buffer[];
  };
  Receiver: new (options: { isServer: boolean }) => NodeJS.WritableStream & NodeJS.EventEmitter;
};

interface Operation {
  readonly context: unknown;
  readonly bufferType: BufferType;
  /** A pong that answers a ping is not an operation and has no indication. */
  readonly isAnswer: boolean;
  /** The unwritten frame. */
  frame: Buffer[] | undefined;
}

interface Indication {
  readonly bufferType: BufferType;
  readonly bytes: Buffer;
  readonly close?: { status: number; reason: string | undefined };
}

/** One end of a connection. */
class Handle {
  readonly role: 'client' | 'server';
  readonly receiver: NodeJS.WritableStream & NodeJS.EventEmitter;
  readonly sends: Operation[] = [];
  readonly receives: { context: unknown; reading: boolean }[] = [];
  readonly arrived: Indication[] = [];
  fragmented = false;
  failure: Error | undefined;

  constructor(role: 'client' | 'server') {
    this.role = role;
    this.receiver = new Receiver({ isServer: role === 'server' });
    this.receiver.on('message', (data: Buffer, isBinary: boolean) => {
      const bufferType = isBinary ? BufferType.BINARY_MESSAGE : BufferType.UTF8_MESSAGE;
      this.arrived.push({ bufferType, bytes: data });
    });
    this.receiver.on('ping', (data: Buffer) => this.queue(BufferType.PING_PONG, 10, data, true, undefined, true));
    this.receiver.on('pong', (bytes: Buffer) => this.arrived.push({ bufferType: BufferType.PING_PONG, bytes }));
    this.receiver.on('conclude', (status: number, reason: Buffer) => {
      const close = { status, reason: reason.length > 0 ? reason.toString() : undefined };
      this.arrived.push({ bufferType: BufferType.CLOSE, bytes: Buffer.alloc(0), close });
    });
    this.receiver.on('error', (error: Error) => {
      this.failure = error;
    });
  }

  queue(bufferType: BufferType, opcode: number, data: Buffer, fin: boolean, context: unknown, isAnswer = false): void {
    const options = { fin, mask: this.role === 'client', opcode, readOnly: true };
    this.sends.push({ context, bufferType, isAnswer, frame: Sender.frame(data, options) });
  }
}

/** The data of an action for CompleteAction. */
interface Pending {
  readonly handle: Handle;
  complete(result: number | Uint8Array): void;
}

const nothing: WebSocketAction<Pending> = {
  action: Action.NO_ACTION,
  bufferType: 0,
  buffers: [],
  room: 0,
  applicationContext: undefined,
  actionContext: undefined,
};

function sendAction(handle: Handle): WebSocketAction<Pending> | undefined {
  const [operation] = handle.sends;
  if (operation === undefined) return undefined;
  const { bufferType, context, frame } = operation;
  const complete = () => {
    if (frame === undefined || operation.isAnswer) handle.sends.shift();
    operation.frame = undefined;
  };
  const action = frame === undefined ? Action.INDICATE_SEND_COMPLETE : Action.SEND_TO_NETWORK;
  return {
    ...nothing,
    action,
    bufferType,
    buffers: frame ?? [],
    applicationContext: context,
    actionContext: { handle, complete },
  };
}

function receiveAction(handle: Handle): WebSocketAction<Pending> | undefined {
  const [operation] = handle.receives;
  if (operation === undefined || operation.reading) return undefined;
  const [arrived] = handle.arrived;
  const common = { ...nothing, applicationContext: operation.context };
  if (arrived !== undefined) {
    const complete = () => {
      handle.receives.shift();
      handle.arrived.shift();
    };
    const { bufferType, bytes, close } = arrived;
    const buffers = bufferType === BufferType.CLOSE ? [] : [bytes];
    return {
      ...common,
      action: Action.INDICATE_RECEIVE_COMPLETE,
      bufferType,
      buffers,
      close,
      actionContext: { handle, complete },
    };
  }
  operation.reading = true;
  const complete = (result: number | Uint8Array) => {
    operation.reading = false;
    if (typeof result !== 'number') handle.receiver.write(Buffer.from(result));
  };
  return { ...common, action: Action.RECEIVE_FROM_NETWORK, room: 4096, actionContext: { handle, complete } };
}

const OPCODES: Readonly<Record<number, readonly [opcode: number, fin: boolean]>> = {
  [BufferType.UTF8_MESSAGE]: [1, true],
  [BufferType.UTF8_FRAGMENT]: [1, false],
  [BufferType.BINARY_MESSAGE]: [2, true],
  [BufferType.BINARY_FRAGMENT]: [2, false],
  [BufferType.PING_PONG]: [9, true],
  [BufferType.UNSOLICITED_PONG]: [10, true],
};

function closePayload({ status, reason = '' }: WebSocketClose): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(status);
  return Buffer.concat([bytes, Buffer.from(reason as string)]);
}

function acceptFor(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

const headerValue = (headers: readonly HttpHeader[], name: string) =>
  headers.find((header) => header.name.toLowerCase() === name)?.value ?? '';

/** For comparisons: `{ name: 'ws', websocket: wsFunctions }`. */
export const wsFunctions = {
  WebSocketCreateClientHandle: () => new Handle('client'),
  WebSocketCreateServerHandle: () => new Handle('server'),

  WebSocketBeginClientHandshake: (): HttpHeader[] => [
    { name: 'Connection', value: 'Upgrade' },
    { name: 'Upgrade', value: 'websocket' },
    { name: 'Sec-WebSocket-Version', value: '13' },
    { name: 'Sec-WebSocket-Key', value: randomBytes(16).toString('base64') },
  ],
  WebSocketEndClientHandshake: () => ({ selectedExtensions: [], selectedSubprotocol: undefined }),
  WebSocketBeginServerHandshake: (
    _handle: Handle,
    _subprotocol: string | undefined,
    _extensions: readonly string[] | undefined,
    headers: readonly HttpHeader[],
  ): HttpHeader[] => [
    { name: 'Connection', value: 'Upgrade' },
    { name: 'Upgrade', value: 'websocket' },
    { name: 'Sec-WebSocket-Accept', value: acceptFor(headerValue(headers, 'sec-websocket-key')) },
  ],
  WebSocketEndServerHandshake: () => {},

  WebSocketSend(handle: Handle, bufferType: BufferType, data?: Uint8Array | WebSocketClose, context?: unknown): void {
    if (bufferType === BufferType.CLOSE) {
      const payload = data !== undefined && 'status' in data ? closePayload(data) : Buffer.alloc(0);
      handle.queue(bufferType, 8, payload, true, context);
      return;
    }
    const [opcode, fin] = OPCODES[bufferType] ?? [bufferType, true];
    const isData = opcode < 8;
    handle.queue(
      bufferType,
      isData && handle.fragmented ? 0 : opcode,
      Buffer.from((data as Uint8Array) ?? []),
      fin,
      context,
    );
    if (isData) handle.fragmented = !fin;
  },
  WebSocketReceive(handle: Handle, _buffer?: unknown, context?: unknown): void {
    handle.receives.push({ context, reading: false });
  },
  WebSocketGetAction(handle: Handle, queue: number): WebSocketAction<Pending> {
    if (handle.failure !== undefined) throw handle.failure;
    const send = (queue & 1) !== 0 ? sendAction(handle) : undefined;
    return send ?? ((queue & 2) !== 0 ? receiveAction(handle) : undefined) ?? nothing;
  },
  WebSocketCompleteAction(_handle: Handle, pending: Pending | undefined, result: number | Uint8Array): void {
    pending?.complete(result);
  },
  WebSocketDeleteHandle: () => {},
  WebSocketAbortHandle: (handle: Handle) => void handle.sends.splice(0),
};

// The exports that `winwire parity --right FILE` reads.
export const name = 'ws';
export const websocket = wsFunctions;
