// A server of PAC scripts on this machine: each script has a different URL, because Windows caches scripts by URL.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type PacAnswer = string | ((response: ServerResponse) => void);

export class PacServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #answers: PacAnswer[] = [];
  readonly #asked: (() => void)[] = [];
  /** How many requests came, by number of the script. */
  readonly requests: number[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const number = Number(/\d+/.exec(request.url ?? '')?.[0]);
      this.requests[number] = (this.requests[number] ?? 0) + 1;
      this.#asked[number]?.();
      const answer = this.#answers[number];
      if (typeof answer === 'function') return answer(response);
      response.writeHead(answer === undefined ? 404 : 200, { 'Content-Type': 'application/x-ns-proxy-autoconfig' });
      response.end(answer);
    });
  }

  static async start(): Promise<PacServer> {
    const pac = new PacServer();
    await new Promise<void>((resolve) => pac.#server.listen(0, '127.0.0.1', resolve));
    return pac;
  }

  /** The URL of a new script, and the moment at which it is asked for. */
  serve(answer: PacAnswer | undefined): { readonly url: string; readonly asked: Promise<void> } {
    const number = this.requests.push(0) - 1;
    if (answer !== undefined) this.#answers[number] = answer;
    const asked = new Promise<void>((resolve) => {
      this.#asked[number] = resolve;
    });
    return { url: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${number}.pac`, asked };
  }

  /** The URL of a script whose function returns this. */
  returning(routes: string): string {
    return this.serve(`function FindProxyForURL(url, host) { return ${JSON.stringify(routes)}; }`).url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
