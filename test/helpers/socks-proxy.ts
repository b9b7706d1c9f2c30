// A SOCKS proxy, versions 4, 4a and 5, that resolves every name to this machine.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A request that the proxy received. */
export interface SocksSeen {
  readonly version: number;
  readonly host: string;
  readonly port: number;
  readonly user?: string;
}

export interface SocksBehaviour {
  /** `name:password`, asked for by version 5. */
  readonly user?: string;
  /** Answers the request with this code in place of a connection. */
  readonly code?: number;
  /** Answers everything with these bytes. */
  readonly bytes?: Buffer;
  /** Sends these bytes right behind its answer. */
  readonly behind?: string;
}

export class SocksProxy implements AsyncDisposable {
  readonly seen: SocksSeen[] = [];
  /** The number of packets that it received, with `bytes`. */
  packets = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #behaviour: SocksBehaviour;

  private constructor(behaviour: SocksBehaviour) {
    this.#behaviour = behaviour;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
      this.#serve(socket).catch(() => socket.destroy());
    });
  }

  static async start(behaviour: SocksBehaviour = {}): Promise<SocksProxy> {
    const proxy = new SocksProxy(behaviour);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get place(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get open(): number {
    return this.#sockets.size;
  }

  async #serve(socket: Socket): Promise<void> {
    const read = readerOf(socket);
    // It reads on, to notice the end of the connection.
    if (this.#behaviour.bytes) return void socket.on('data', () => this.packets++).write(this.#behaviour.bytes);
    const [version = 0] = await read(1);
    const request = version === 4 ? await readVersion4(read) : await this.#greet(socket, read);
    if (!request) return;
    this.seen.push(request);
    const { code, behind = '' } = this.#behaviour;
    const answer = (value: number) =>
      version === 4 ? Buffer.of(0, value, 0, 0, 0, 0, 0, 0) : Buffer.of(5, value, 0, 1, 127, 0, 0, 1, 0, 0);
    if (code !== undefined) return void socket.end(answer(code));
    const target = connect(request.port, '127.0.0.1');
    await once(target, 'connect');
    target.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => target.destroy());
    socket.write(Buffer.concat([answer(version === 4 ? 90 : 0), Buffer.from(behind)]));
    socket.pipe(target).pipe(socket);
  }

  async #greet(socket: Socket, read: Read): Promise<SocksSeen | undefined> {
    const [count = 0] = await read(1);
    const methods = await read(count);
    const { user } = this.#behaviour;
    const method = user === undefined ? 0 : 2;
    if (!methods.includes(method)) return void socket.end(Buffer.of(5, 0xff));
    socket.write(Buffer.of(5, method));
    let given: string | undefined;
    if (method === 2) {
      const [, nameLength = 0] = await read(2);
      const name = await read(nameLength);
      const [passwordLength = 0] = await read(1);
      given = `${name}:${await read(passwordLength)}`;
      if (given !== user) return void socket.end(Buffer.of(1, 1));
      socket.write(Buffer.of(1, 0));
    }
    const [, , , type = 0] = await read(4);
    const host =
      type === 1 ? (await read(4)).join('.') : type === 4 ? (await read(16)).toString('hex') : await name(read);
    const port = (await read(2)).readUInt16BE();
    return { version: 5, host, port, ...(given !== undefined && { user: given }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

type Read = (size: number) => Promise<Buffer>;

async function name(read: Read): Promise<string> {
  const [length = 0] = await read(1);
  return String(await read(length));
}

async function readVersion4(read: Read): Promise<SocksSeen> {
  await read(1);
  const port = (await read(2)).readUInt16BE();
  const address = await read(4);
  const user = await readText(read);
  const isName = address[0] === 0 && address[3] !== 0;
  const host = isName ? await readText(read) : address.join('.');
  return { version: 4, host, port, ...(user !== '' && { user }) };
}

async function readText(read: Read): Promise<string> {
  let text = '';
  for (let byte = await read(1); byte[0] !== 0; byte = await read(1)) text += byte.toString('latin1');
  return text;
}

/** Returns a function that waits for so many bytes. */
function readerOf(socket: Socket): Read {
  return async (size) => {
    for (;;) {
      if (size === 0) return Buffer.alloc(0);
      const bytes = socket.read(size) as Buffer | null;
      if (bytes) return bytes;
      await once(socket, 'readable');
    }
  };
}
