/** What the script of a WinHttpRequest scenario works with. */
import assert from 'node:assert/strict';
import type { IWinHttpRequest } from '../winhttp/request/winhttp-interface.ts';
import { type Answer, closedPort, hello, ScriptedServer, type ServerOptions } from './http-server.ts';
import { deferred, type Outcome, watch } from './waiting.ts';
import { unrecorded } from './winhttp-recorder.ts';

/** The states of a request object, in the order of its life. */
export const STATES = ['NEW', 'OPEN', 'SENDING', 'RECEIVING', 'DONE', 'FAILED', 'ABORTED'] as const;
/** One of {@link STATES}. */
export type RequestState = (typeof STATES)[number];

/** An object brought into a state. */
export interface StagedRequest<Request> {
  readonly request: Request;
  readonly server: ScriptedServer;
  /** The pending send, in SENDING and RECEIVING. */
  readonly pending: Outcome<unknown>;
  /** Lets the server finish its answer. */
  release(): void;
}

/** What a stage needs to be told. */
export interface StageSetting<Request> {
  /** Makes an object of the subject. */
  create(options: object): Promise<Request>;
  /** Hears of every server that is started. */
  onServer?(server: ScriptedServer): void;
  /** Hears of every port at which nobody listens. */
  onClosedPort?(port: number): void;
  readonly onRequest?: ServerOptions['onRequest'];
}

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

/** Request objects of the subject and servers of this machine, which are gone when the script ends. */
export class WinHttpStage<Request extends IWinHttpRequest = IWinHttpRequest> {
  /** For a stage of another kind that is to make the same objects and servers. */
  readonly setting: StageSetting<Request>;
  readonly #resources = new Set<object>();

  constructor(setting: StageSetting<Request>) {
    this.setting = setting;
  }

  /** A new object. */
  async create(options: object = {}): Promise<Request> {
    const request = await this.setting.create(options);
    this.#resources.add(request);
    return request;
  }

  /** A server; it answers `hello` unless told otherwise. */
  async serve(answer?: Answer, options: ServerOptions = {}): Promise<ScriptedServer> {
    const server = await ScriptedServer.start(answer, { onRequest: this.setting.onRequest, ...options });
    this.#resources.add(server);
    this.setting.onServer?.(server);
    return server;
  }

  /** Disposed at the end of the script, with everything else. */
  keep<T extends AsyncDisposable>(resource: T): T {
    this.#resources.add(resource);
    return resource;
  }

  /** Ends all objects and servers. */
  async dispose(): Promise<void> {
    // The last made goes first: objects before the servers that they are connected to.
    for (const resource of [...this.#resources].reverse()) {
      await (unrecorded(resource) as Partial<AsyncDisposable>)[Symbol.asyncDispose]?.();
    }
    this.#resources.clear();
  }

  /** A new object after Open. */
  async open(url: string, method = 'GET', async = true): Promise<Request> {
    const request = await this.create();
    await request.open(method, url, async);
    return request;
  }

  /** A new object after a complete request. */
  async fetch(url: string, method = 'GET', body?: string | Uint8Array): Promise<Request> {
    const request = await this.open(url, method);
    await request.send(body);
    return request;
  }

  /** A URL of this machine where nobody answers. */
  async refusingUrl(): Promise<string> {
    const port = await closedPort();
    this.setting.onClosedPort?.(port);
    return `http://127.0.0.1:${port}/`;
  }

  /** A server that answers when it is told to. */
  async holdingServer(): Promise<{
    server: ScriptedServer;
    /** Lets it answer. */
    release: () => void;
  }> {
    const gate = deferred();
    return { server: await this.serve(lateAnswer(gate.promise)), release: gate.resolve };
  }

  /** An object in a state, and the server it is there with. */
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

  /** Resolves when the headers of a pending request are in. How often that is looked at is not part of the trace. */
  async headersOf(recorded: Request): Promise<void> {
    const request = unrecorded(recorded);
    for (;;) {
      const status = watch(request.status);
      await status.end;
      if (status.settled === 'fulfilled') return;
      assert.equal(await request.waitForResponse(0.01), false, 'the response is not complete');
    }
  }

  /** Makes a call whose failure does not end the script; the trace has it. */
  async attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
    const outcome = watch(call());
    await outcome.end;
    return outcome.value;
  }
}
