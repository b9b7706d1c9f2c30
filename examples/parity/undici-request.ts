// IWinHttpRequest over undici's request(), to show what changes for a program that replaces WinHttpRequest by undici.
// Members without a counterpart in undici are missing, and a comparison reports that. For npm run example --
// parity-undici.
import { Agent, request } from 'undici';

type Response = Awaited<ReturnType<typeof request>>;

class UndiciRequest {
  #agent = new Agent({ pipelining: 0 });
  #method = '';
  #url = '';
  #headers: Record<string, string> = {};
  #abort = new AbortController();
  #response: Response | undefined;
  #body: Buffer = Buffer.alloc(0);

  async open(method: string, url: string): Promise<void> {
    new URL(url);
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#method = method;
    this.#url = url;
    this.#headers = {};
    this.#response = undefined;
  }

  async setRequestHeader(name: string, value: string): Promise<void> {
    this.#headers[name] = value;
  }

  async send(body?: string | Uint8Array): Promise<void> {
    const response = await request(this.#url, {
      method: this.#method,
      headers: this.#headers,
      body: body ?? null,
      signal: this.#abort.signal,
      dispatcher: this.#agent,
    });
    this.#body = Buffer.from(await response.body.arrayBuffer());
    this.#response = response;
  }

  async abort(): Promise<void> {
    this.#abort.abort();
  }

  get status(): Promise<number> {
    return this.#read((response) => response.statusCode);
  }

  get statusText(): Promise<string> {
    return this.#read((response) => response.statusText);
  }

  get responseBody(): Promise<Buffer> {
    return this.#read(() => this.#body);
  }

  get responseText(): Promise<string> {
    return this.#read(() => this.#body.toString());
  }

  async getResponseHeader(name: string): Promise<string> {
    const value = await this.#read((response) => response.headers[name.toLowerCase()]);
    if (value === undefined) throw new Error(`no header ${name}`);
    return Array.isArray(value) ? (value[0] as string) : value;
  }

  getAllResponseHeaders(): Promise<string> {
    return this.#read((response) =>
      Object.entries(response.headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join(''),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#agent.destroy();
  }

  async #read<T>(get: (response: Response) => T): Promise<T> {
    if (this.#response === undefined) throw new Error('there is no response');
    return get(this.#response);
  }
}

/** For comparisons: `{ name: 'undici', createRequest: createUndiciRequest }`. */
export const createUndiciRequest = () => new UndiciRequest();

// The exports that `winwire parity --right FILE` reads.
export const name = 'undici';
export const createRequest = createUndiciRequest;
