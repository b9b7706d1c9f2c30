// A real proxy (proxy-chain), with or without a user.
import { Server } from 'proxy-chain';

export interface ProxySeen {
  readonly hostname: string;
  readonly isHttp: boolean;
}

export class TestProxy implements AsyncDisposable {
  /** The requests that it received. */
  readonly requests: ProxySeen[] = [];
  readonly #server: Server;

  private constructor(user: { userName: string; password: string } | undefined) {
    this.#server = new Server({
      host: '127.0.0.1',
      port: 0,
      prepareRequestFunction: ({ username, password, hostname, isHttp }) => {
        const requestAuthentication = user !== undefined && (username !== user.userName || password !== user.password);
        if (!requestAuthentication) this.requests.push({ hostname, isHttp });
        return { requestAuthentication };
      },
    });
  }

  static async start(user?: { userName: string; password: string }): Promise<TestProxy> {
    const proxy = new TestProxy(user);
    await proxy.#server.listen();
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${this.#server.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close(true);
  }
}
