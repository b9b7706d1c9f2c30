// The same loop written with koffi, as fast as possible: the out parameters of WebSocketGetAction are one block of
// native memory, allocated once and accessed through typed arrays; pointers are passed as koffi's BigInts; the C
// library's memcpy copies bytes into Buffers and out of them. (koffi.view, which creates an external ArrayBuffer per
// pointer, and structs as objects are several times slower.)
import koffi from 'koffi';
import { BUFFER_SIZE, type Loop, Wire } from './loop.ts';

type Native = (...args: unknown[]) => number;

const SEND_QUEUE = 1;
const RECEIVE_QUEUE = 2;
const NO_ACTION = 0;
const SEND_TO_NETWORK = 1;
const RECEIVE_FROM_NETWORK = 3;
const BINARY_MESSAGE = 0x80000002 | 0;

function bind(library: string) {
  const dll = koffi.load(library);
  const create = (name: string) => dll.func(name, 'int32_t', ['void *', 'uint32_t', 'void *']) as Native;
  const onHandle = (name: string, result: string, ...types: string[]) =>
    dll.func(name, result, ['void *', ...types]) as Native;
  const libc = koffi.load(process.platform === 'win32' ? 'msvcrt.dll' : null);
  return {
    createClient: create('WebSocketCreateClientHandle'),
    createServer: create('WebSocketCreateServerHandle'),
    beginClient: onHandle(
      'WebSocketBeginClientHandshake',
      'int32_t',
      'void *',
      'uint32_t',
      'void *',
      'uint32_t',
      'void *',
      'uint32_t',
      'void *',
      'void *',
    ),
    beginServer: onHandle(
      'WebSocketBeginServerHandshake',
      'int32_t',
      'void *',
      'void *',
      'uint32_t',
      'void *',
      'uint32_t',
      'void *',
      'void *',
    ),
    endClient: onHandle('WebSocketEndClientHandshake', 'int32_t', 'void *', 'uint32_t', 'void *', 'void *', 'void *'),
    endServer: onHandle('WebSocketEndServerHandshake', 'int32_t'),
    send: onHandle('WebSocketSend', 'int32_t', 'int32_t', 'void *', 'void *'),
    receive: onHandle('WebSocketReceive', 'int32_t', 'void *', 'void *'),
    getAction: onHandle(
      'WebSocketGetAction',
      'int32_t',
      'int32_t',
      'void *',
      'void *',
      'void *',
      'void *',
      'void *',
      'void *',
    ),
    completeAction: onHandle('WebSocketCompleteAction', 'void', 'void *', 'uint32_t'),
    deleteHandle: onHandle('WebSocketDeleteHandle', 'void'),
    memcpy: libc.func('memcpy', 'void *', ['void *', 'void *', 'size_t']) as Native,
  };
}

/** The out parameters of WebSocketGetAction, and a WEB_SOCKET_BUFFER to send: a block of 96 bytes (64-bit layout). */
class Parameters {
  readonly address: bigint;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly u64: BigUint64Array;
  /** Each as the pointer that is passed. */
  readonly buffers: bigint;
  readonly count: bigint;
  readonly action: bigint;
  readonly bufferType: bigint;
  readonly applicationContext: bigint;
  readonly actionContext: bigint;
  readonly sendBuffer: bigint;

  constructor() {
    this.address = BigInt(koffi.alloc('uint8_t', 96));
    const memory = koffi.view(this.address, 96);
    this.u32 = new Uint32Array(memory);
    this.i32 = new Int32Array(memory);
    this.u64 = new BigUint64Array(memory);
    [this.buffers, this.count, this.action, this.bufferType] = [0n, 32n, 36n, 40n].map((at) => this.address + at) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    [this.applicationContext, this.actionContext, this.sendBuffer] = [48n, 56n, 64n].map((at) => this.address + at) as [
      bigint,
      bigint,
      bigint,
    ];
  }
}

function succeed(hresult: number, what: string): void {
  if (hresult < 0) throw new Error(`${what} failed: 0x${(hresult >>> 0).toString(16)}`);
}

class KoffiLoop implements Loop {
  readonly #dll: ReturnType<typeof bind>;
  readonly #parameters = new Parameters();
  readonly #wire = new Wire();
  readonly #client: bigint;
  readonly #server: bigint;

  constructor(library: string) {
    this.#dll = bind(library);
    this.#client = this.#create(this.#dll.createClient);
    this.#server = this.#create(this.#dll.createServer);
    this.#handshake();
  }

  transfer(from: 'client' | 'server', payload: Buffer): Buffer {
    const [sender, receiver] = from === 'client' ? [this.#client, this.#server] : [this.#server, this.#client];
    const { u32, u64, sendBuffer } = this.#parameters;
    // The payload must not move until it is sent, which is before this function returns.
    u64[8] = koffi.address(payload);
    u32[18] = payload.length;
    succeed(this.#dll.send(sender, BINARY_MESSAGE, sendBuffer, null), 'WebSocketSend');
    this.#drain(sender);
    succeed(this.#dll.receive(receiver, null, null), 'WebSocketReceive');
    return this.#receive(receiver);
  }

  dispose(): void {
    this.#dll.deleteHandle(this.#client);
    this.#dll.deleteHandle(this.#server);
    koffi.free(this.#parameters.address);
  }

  #drain(handle: bigint): void {
    const { i32, u32, u64 } = this.#parameters;
    for (;;) {
      const action = this.#getAction(handle, SEND_QUEUE);
      if (action === NO_ACTION) return;
      let sent = 0;
      if (action === SEND_TO_NETWORK) {
        const count = i32[8] as number;
        for (let i = 0; i < count; i++) {
          const length = u32[4 * i + 2] as number;
          this.#wire.write(this.#copyOut(u64[2 * i] as bigint, length));
          sent += length;
        }
      }
      this.#dll.completeAction(handle, u64[7], sent);
    }
  }

  #receive(handle: bigint): Buffer {
    const { u32, u64 } = this.#parameters;
    let message: Buffer | undefined;
    for (;;) {
      const action = this.#getAction(handle, RECEIVE_QUEUE);
      if (action === NO_ACTION) {
        if (message === undefined) throw new Error('the message did not come');
        return message;
      }
      let received = 0;
      if (action === RECEIVE_FROM_NETWORK) {
        const bytes = this.#wire.take();
        received = bytes.length;
        if (received > (u32[2] as number)) throw new Error('no room for the bytes');
        this.#dll.memcpy(u64[0], bytes, received);
      } else {
        message = this.#copyOut(u64[0] as bigint, u32[2] as number);
      }
      this.#dll.completeAction(handle, u64[7], received);
    }
  }

  #getAction(handle: bigint, queue: number): number {
    const p = this.#parameters;
    p.u32[8] = 2;
    succeed(
      this.#dll.getAction(
        handle,
        queue,
        p.buffers,
        p.count,
        p.action,
        p.bufferType,
        p.applicationContext,
        p.actionContext,
      ),
      'WebSocketGetAction',
    );
    return p.i32[9] as number;
  }

  #copyOut(pointer: bigint, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    this.#dll.memcpy(bytes, pointer, length);
    return bytes;
  }

  #create(create: Native): bigint {
    const values = new Uint32Array([BUFFER_SIZE, BUFFER_SIZE]);
    const address = koffi.address(values);
    // Two WEB_SOCKET_PROPERTY of 24 bytes: RECEIVE_BUFFER_SIZE and SEND_BUFFER_SIZE.
    const properties = Buffer.alloc(48);
    for (const i of [0, 1]) {
      properties.writeUInt32LE(i, 24 * i);
      properties.writeBigUInt64LE(address + BigInt(4 * i), 24 * i + 8);
      properties.writeUInt32LE(4, 24 * i + 16);
    }
    const handle = new BigUint64Array(1);
    succeed(create(properties, 2, handle), 'create');
    return handle[0] as bigint;
  }

  #handshake(): void {
    const request = new BigUint64Array(1);
    const requestCount = new Uint32Array(1);
    succeed(this.#dll.beginClient(this.#client, null, 0, null, 0, null, 0, request, requestCount), 'begin client');
    // The request has the headers of the client, and a Host.
    const name = Buffer.from('Host');
    const value = Buffer.from('localhost');
    const count = requestCount[0] as number;
    const headers = Buffer.alloc(32 * (count + 1));
    this.#dll.memcpy(headers, request[0], 32 * count);
    headers.writeBigUInt64LE(koffi.address(name), 32 * count);
    headers.writeUInt32LE(name.length, 32 * count + 8);
    headers.writeBigUInt64LE(koffi.address(value), 32 * count + 16);
    headers.writeUInt32LE(value.length, 32 * count + 24);
    const response = new BigUint64Array(1);
    const responseCount = new Uint32Array(1);
    succeed(
      this.#dll.beginServer(this.#server, null, null, 0, headers, count + 1, response, responseCount),
      'begin server',
    );
    succeed(this.#dll.endClient(this.#client, response[0], responseCount[0], null, null, null), 'end client');
    succeed(this.#dll.endServer(this.#server), 'end server');
  }
}

export function createKoffiLoop(library: string): Loop {
  return new KoffiLoop(library);
}
