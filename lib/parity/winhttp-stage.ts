/** The tools of a WinHttpRequest scenario's script. */
import assert from 'node:assert/strict';
import type { IWinHttpRequest } from '../winhttp/request/winhttp-interface.ts';
import { type Answer, closedPort, hello, ScriptedServer, type ServerOptions } from './http-server.ts';
import { deferred, type Settlement, watch } from './waiting.ts';
import { unrecorded } from './winhttp-recorder.ts';

/** The states of a request object in order. */
export const STATES = ['NEW', 'OPEN', 'SENDING', 'RECEIVING', 'DONE', 'FAILED', 'ABORTED'] as const;
/** One of {@link STATES}. */
export type RequestState = (typeof STATES)[number];

/** An object in a given state. */
export interface StagedRequest<Request> {
  readonly request: Request;
  readonly server: ScriptedServer;
  /** The pending send, in SENDING and RECEIVING. */
  readonly pending: Settlement<unknown>;
  /** Lets the server complete its answer. */
  release(): void;
}

/** The environment of a stage. */
export interface StageSetting<Request> {
  /** Creates an object of the subject. */
  create(options: object): Promise<Request>;
  /** Called with every server that is started. */
  onServer?(server: ScriptedServer): void;
  /** Called with every port that is closed. */
  onClosedPort?(port: number): void;
  readonly onRequest?: ServerOptions['onRequest'];
}

const PART_OF_BODY = 'part';

/** Sends the head of a response and a part of its body; the rest when `rest` resolves. */
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

/** Request objects of the subject and servers of this machine, which are closed when the script ends. */
export class WinHttpStage<Request extends IWinHttpRequest = IWinHttpRequest> {
  /** For another kind of stage that creates the same objects and servers. */
  readonly setting: StageSetting<Request>;
  readonly #resources = new Set<object>();

  constructor(setting: StageSetting<Request>) {
    this.setting = setting;
  }

  /** Creates an object. */
  async create(options: object = {}): Promise<Request> {
    const request = await this.setting.create(options);
    this.#resources.add(request);
    return request;
  }

  /** Starts a server; the default answer is `hello`. */
  async serve(answer?: Answer, options: ServerOptions = {}): Promise<ScriptedServer> {
    const server = await ScriptedServer.start(answer, { onRequest: this.setting.onRequest, ...options });
    this.#resources.add(server);
    this.setting.onServer?.(server);
    return server;
  }

  /** Disposes a resource at the end of the script. */
  keep<T extends AsyncDisposable>(resource: T): T {
    this.#resources.add(resource);
    return resource;
  }

  /** Disposes all objects and servers. */
  async dispose(): Promise<void> {
    // In reverse order: objects before the servers that they are connected to.
    for (const resource of [...this.#resources].reverse()) {
      await (unrecorded(resource) as Partial<AsyncDisposable>)[Symbol.asyncDispose]?.();
    }
    this.#resources.clear();
  }

  /** Returns a new object after Open. */
  async open(url: string, method = 'GET', async = true): Promise<Request> {
    const request = await this.create();
    await request.open(method, url, async);
    return request;
  }

  /** Returns a new object after a complete request. */
  async fetch(url: string, method = 'GET', body?: string | Uint8Array): Promise<Request> {
    const request = await this.open(url, method);
    await request.send(body);
    return request;
  }

  /** Returns a URL of this machine at which no server listens. */
  async refusingUrl(): Promise<string> {
    const port = await closedPort();
    this.setting.onClosedPort?.(port);
    return `http://127.0.0.1:${port}/`;
  }

  /** Starts a server whose answer is delayed. */
  async holdingServer(): Promise<{
    server: ScriptedServer;
    /** Lets it answer. */
    release: () => void;
  }> {
    const gate = deferred();
    return { server: await this.serve(lateAnswer(gate.promise)), release: gate.resolve };
  }

  /** Returns an object in a state, and its server. */
  async stage(state: RequestState, async = true): Promise<StagedRequest<Request>> {
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

  /** Resolves when the headers of a pending request have arrived. The polling is not part of the trace. */
  async headersOf(recorded: Request): Promise<void> {
    const request = unrecorded(recorded);
    for (;;) {
      const status = watch(request.status);
      await status.end;
      if (status.settled === 'fulfilled') return;
      assert.equal(await request.waitForResponse(0.01), false, 'the response is not complete');
    }
  }

  /** Makes a call whose failure does not end the script; the trace contains it. */
  async attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
    const outcome = watch(call());
    await outcome.end;
    return outcome.value;
  }
}
