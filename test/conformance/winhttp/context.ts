// What a statement's test works with: request objects of the backend under test and servers, which are gone when it
// ends, the seven states, and the checks that know which assertion is a gate.
import assert from 'node:assert/strict';
import { WinwireError } from '../../../lib/errors.ts';
import { type Answer, closedPort, FixtureServer, hello, type ServerOptions } from './fixture-server.ts';
import { Code } from './hresult.ts';
import { deferred, type Outcome, watch } from './promises.ts';
import { WinHttpRequest } from './subject.ts';

/** Which backend serves, who made it, and whether what is only assumed must hold as well. */
export interface Lane {
  readonly backend: 'system' | 'portable';
  readonly provider: string;
  readonly strict: boolean;
}

export const STATES = ['NEW', 'OPEN', 'SENDING', 'RECEIVING', 'DONE', 'FAILED', 'ABORTED'] as const;
export type State = (typeof STATES)[number];

/** An object brought into a state. */
export interface Stage {
  readonly request: WinHttpRequest;
  readonly server: FixtureServer;
  /** The pending send, in SENDING and RECEIVING. */
  readonly pending: Outcome<unknown>;
  /** Lets the server finish its answer. */
  release(): void;
}

type Getter = (request: WinHttpRequest) => Promise<unknown>;

/** Everything that reads from a response. */
export const getters: Readonly<Record<string, Getter>> = {
  status: (request) => request.status,
  statusText: (request) => request.statusText,
  responseText: (request) => request.responseText,
  responseBody: (request) => request.responseBody,
  responseStream: (request) => request.responseStream,
  getResponseHeader: (request) => request.getResponseHeader('Content-Type'),
  getAllResponseHeaders: (request) => request.getAllResponseHeaders(),
};

/** NULL for a string of Windows, in a parameter that wants one. */
export const NULL = undefined as unknown as string;

const PART_OF_BODY = 'part';

/** The head of a response and some of its body, and the rest when told. */
function halfAnswer(rest: Promise<void>): Answer {
  return async (_request, reply) => {
    reply.write(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\n${PART_OF_BODY}`);
    await rest;
    reply.write('rest');
  };
}

function lateAnswer(release: Promise<void>): Answer {
  return async (request, reply) => {
    await release;
    return hello(request, reply);
  };
}

export class RequestContext {
  readonly lane: Lane;
  /** What was found otherwise than assumed, where that is no failure. */
  readonly notes: string[] = [];
  readonly #resources = new Set<AsyncDisposable>();

  constructor(lane: Lane) {
    this.lane = lane;
  }

  async create(options: object = {}): Promise<WinHttpRequest> {
    const request = await WinHttpRequest.create({ backend: this.lane.backend, ...options });
    this.#resources.add(request);
    return request;
  }

  async serve(answer?: Answer, options?: ServerOptions): Promise<FixtureServer> {
    const server = await FixtureServer.start(answer, options);
    this.#resources.add(server);
    return server;
  }

  /** Disposed at the end of the test, with everything else. */
  keep<T extends AsyncDisposable>(resource: T): T {
    this.#resources.add(resource);
    return resource;
  }

  async dispose(): Promise<void> {
    // The last made goes first: objects before the servers that they are connected to.
    for (const resource of [...this.#resources].reverse()) await resource[Symbol.asyncDispose]();
    this.#resources.clear();
  }

  /** A new object after Open. */
  async open(url: string, method = 'GET', async = true): Promise<WinHttpRequest> {
    const request = await this.create();
    await request.open(method, url, async);
    return request;
  }

  /** A new object after a complete request. */
  async fetch(url: string, method = 'GET', body?: string | Uint8Array): Promise<WinHttpRequest> {
    const request = await this.open(url, method);
    await request.send(body);
    return request;
  }

  /** A URL of this machine where nobody answers. */
  async refusingUrl(): Promise<string> {
    return `http://127.0.0.1:${await closedPort()}/`;
  }

  /** A server that answers when it is told to. */
  async holdingServer(): Promise<{ server: FixtureServer; release: () => void }> {
    const gate = deferred();
    return { server: await this.serve(lateAnswer(gate.promise)), release: gate.resolve };
  }

  /** An object in a state, and the server it is there with. */
  async stage(state: State, async = true): Promise<Stage> {
    const gate = deferred();
    const answer = { SENDING: lateAnswer(gate.promise), RECEIVING: halfAnswer(gate.promise) }[state as string];
    const server = await this.serve(answer ?? hello);
    const request = await this.create();
    const stage = { request, server, pending: watch(Promise.resolve()), release: gate.resolve };
    if (state === 'NEW') return stage;
    await request.open('GET', state === 'FAILED' ? await this.refusingUrl() : server.url(), async);
    if (state === 'ABORTED') await request.abort();
    if (state === 'OPEN' || state === 'ABORTED') return stage;
    const pending = watch(request.send());
    if (state === 'SENDING') await server.arrived();
    else if (state === 'RECEIVING') await this.headersOf(request);
    else await pending.end;
    return { ...stage, pending };
  }

  /** Resolves when the headers of a pending request are in. */
  async headersOf(request: WinHttpRequest): Promise<void> {
    for (;;) {
      const status = watch(request.status);
      await status.end;
      if (status.settled === 'fulfilled') return;
      assert.equal(await request.waitForResponse(0.01), false, 'the response is not complete');
    }
  }

  /** Fails unless the call is refused by the object: with one of these HRESULTs. */
  async fails(call: () => Promise<unknown>, ...codes: readonly number[]): Promise<WinwireError> {
    const outcome = watch(call());
    await outcome.end;
    assert.equal(outcome.settled, 'rejected', 'the call fails');
    if (!(outcome.error instanceof WinwireError)) throw outcome.error;
    const { hresult, syscall } = outcome.error;
    assert.match(syscall, /^IWinHttpRequest::\w+$/);
    assert.ok(hresult >= 0x80000000, `${hresult} is an unsigned failure`);
    const names = codes.map((code) => `0x${code.toString(16)}`);
    if (codes.length > 0) assert.ok(codes.includes(hresult), `0x${hresult.toString(16)} is not ${names.join(' or ')}`);
    return outcome.error;
  }

  /** Every getter, or those that are named, fails with the HRESULT. */
  async gettersFail(request: WinHttpRequest, code: number, names = Object.keys(getters)): Promise<void> {
    for (const name of names) {
      const getter = getters[name] as Getter;
      await this.fails(() => getter(request), code).catch((error: Error) => {
        throw new Error(`${name}: ${error.message}`, { cause: error });
      });
    }
  }

  /** An assertion that is no gate: where only what is known must hold, its failure becomes a note. */
  async assumed(check: () => unknown): Promise<void> {
    if (this.lane.strict) return void (await check());
    try {
      await check();
    } catch (error) {
      this.notes.push((error as Error).message);
    }
  }
}

export { Code };
