/** What `install()` reaches: requests of each client are sent to a proxy of this process, which counts them. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { install } from '../../install/installation.ts';
import type { ClientReport, InstallReport } from './doctor-report.ts';
import { type InstalledPackage, installedPackages } from './installed-packages.ts';
import { knownClient } from './known-clients.ts';

/** Returns what `install()` without `fetch` and `http` reaches in the program of a folder. */
export async function probeInstall(folder: string): Promise<InstallReport> {
  const packages = installedPackages(folder);
  const proxy = await CountingProxy.start();
  const options = { proxy: { proxy: proxy.place, bypass: ['<-loopback>'] }, proxyCredentials: 'none' } as const;
  const installation = install(options);
  try {
    const own = await probeNode(proxy);
    const copies = await probeCopies(proxy, packages, folder);
    const { fetch, http } = installation;
    return { folder, replaces: { fetch, http }, clients: [...own, ...copies, ...describeKnown(packages, folder)] };
  } finally {
    installation.uninstall();
    await proxy[Symbol.asyncDispose]();
  }
}

/** Node's own clients. */
async function probeNode(proxy: CountingProxy): Promise<ClientReport[]> {
  const { WebSocket } = globalThis as { WebSocket?: new (url: string) => EventTarget };
  const getBy = (name: 'http' | 'https') => (place: string) =>
    once(process.getBuiltinModule(`node:${name}`).get(`${name}://${place}/`), 'close');
  const probes: Record<string, (place: string) => Promise<unknown>> = {
    fetch: (place) => fetch(`http://${place}/`),
    ...(WebSocket && { WebSocket: (place: string) => once(new WebSocket(`ws://${place}/`), 'error') }),
    'http.request': getBy('http'),
    'https.request': getBy('https'),
  };
  const reports: ClientReport[] = [];
  for (const [name, send] of Object.entries(probes)) {
    const isReached = await proxy.sees(send);
    const help = isReached ? undefined : whyLeft(name);
    reports.push({ name, version: undefined, folder: undefined, isReached, isTested: true, help });
  }
  return reports;
}

const whyLeft = (name: string): string =>
  `NODE_USE_ENV_PROXY or another dispatcher goes before: install({ ${name.startsWith('http') ? 'http' : 'fetch'}: true })`;

/** Every undici of the tree. */
async function probeCopies(
  proxy: CountingProxy,
  packages: readonly InstalledPackage[],
  from: string,
): Promise<ClientReport[]> {
  const reports: ClientReport[] = [];
  for (const one of packages) {
    if (one.name !== 'undici') continue;
    let help: string | undefined;
    const isReached = await proxy.sees(async (place) => {
      try {
        const { request } = createRequire(path.join(one.folder, 'package.json'))(one.folder);
        await request(`http://${place}/`);
      } catch (error) {
        help = `it cannot be used: ${(error as Error).message}`;
      }
    });
    if (isReached) help = undefined;
    reports.push({
      ...placeOf(one, from),
      isReached,
      isTested: true,
      help: isReached ? undefined : (help ?? OTHER_SYMBOL),
    });
  }
  return reports;
}

const OTHER_SYMBOL = 'it has another global dispatcher: pass { dispatcher: new ProxyDispatcher() }';

function describeKnown(packages: readonly InstalledPackage[], from: string): ClientReport[] {
  return packages.flatMap((one) => {
    const known = knownClient(one);
    return known ? [{ ...placeOf(one, from), isTested: false, help: undefined, ...known }] : [];
  });
}

function placeOf({ name, version, folder }: InstalledPackage, from: string) {
  return { name, version, folder: path.relative(from, folder) };
}

/** A proxy that answers every request itself. */
class CountingProxy implements AsyncDisposable {
  readonly #server: Server;
  #count = 0;
  /** On it nothing listens: a client that does not use the proxy fails at once. */
  #unused = '';

  private constructor() {
    this.#server = createServer((_request, response) => {
      this.#count++;
      response.end();
    });
    this.#server.on('connect', (_request, socket) => {
      this.#count++;
      socket.on('error', () => {}).end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    });
  }

  static async start(): Promise<CountingProxy> {
    const proxy = new CountingProxy();
    await listen(proxy.#server);
    const unused = await listen(createServer());
    proxy.#unused = placeOfServer(unused);
    unused.close();
    await once(unused, 'close');
    return proxy;
  }

  get place(): string {
    return placeOfServer(this.#server);
  }

  /** Sends one request to a server that does not exist; whether it came here. */
  async sees(send: (place: string) => Promise<unknown>): Promise<boolean> {
    const before = this.#count;
    await send(this.#unused).catch(() => {});
    return this.#count > before;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

async function listen(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const placeOfServer = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
