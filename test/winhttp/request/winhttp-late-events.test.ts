// Late events, from a scripted backend.
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { WinwireError } from '../../../lib/errors.ts';
import { turns, watch } from '../../../lib/parity/waiting.ts';
import { RequestLifecycle } from '../../../lib/winhttp/request/request-lifecycle.ts';
import type { RequestObject, RequestObjectOptions, RequestSink } from '../../../lib/winhttp/request-object.ts';
import { Code } from '../../conformance/winhttp/hresult.ts';

const MEBIBYTE = 1 << 20;
const options: RequestObjectOptions = {
  limits: { responseMemory: MEBIBYTE, responseBody: MEBIBYTE, responseText: MEBIBYTE, requestBody: MEBIBYTE },
  environmentProxy: false,
  nativeSync: false,
};

const nothing = async () => {};

/** Accepts every call and emits no events. */
class SilentBackend {
  sink!: RequestSink;
  readonly generations: number[] = [];

  readonly create = async (_options: RequestObjectOptions, sink: RequestSink) => {
    this.sink = sink;
    const send = async (_body: unknown, generation: number) => void this.generations.push(generation);
    return {
      backend: 'portable',
      open: nothing,
      abort: nothing,
      close: nothing,
      wantData() {},
      send,
    } as Partial<RequestObject> as RequestObject;
  };

  /** Emits a whole response for this send. */
  respond(generation: number): void {
    this.sink.responseStart(generation, 200, 'text/plain', 5);
    this.sink.responseData(generation, Buffer.from('hello'));
    this.sink.responseFinished(generation);
  }
}

describe('late events of a backend', () => {
  let backend: SilentBackend;
  let session: RequestLifecycle;
  let events: string[];

  beforeEach(async () => {
    backend = new SilentBackend();
    const emitter = new EventEmitter();
    events = [];
    for (const name of ['responseStart', 'responseDataAvailable', 'responseFinished', 'error']) {
      emitter.on(name, () => events.push(name));
    }
    session = new RequestLifecycle(options, emitter, async () => Buffer.alloc(0));
    await session.create(backend.create);
    await session.open('GET', 'http://any/', true);
  });

  async function pending() {
    const send = watch(session.send(undefined, undefined));
    await turns(1);
    return { send, generation: backend.generations.at(-1) as number };
  }

  const failure = () => new WinwireError('IWinHttpRequest::Send', Code.TIMEOUT);

  test('are delivered while the request is pending', async () => {
    const { send, generation } = await pending();
    backend.respond(generation);
    await send.end;
    expect(send.settled).toBe('fulfilled');
    expect(events).toEqual(['responseStart', 'responseDataAvailable', 'responseFinished']);
  });

  test.each([
    ['abort', () => session.abort()],
    ['open', () => session.open('GET', 'http://any/', true)],
    ['close', () => session.close()],
  ])('are ignored after %s', async (_name, end) => {
    const { send, generation } = await pending();
    await end();
    backend.respond(generation);
    backend.sink.error(generation, failure());
    await send.end;
    expect((send.error as WinwireError).hresult).toBe(Code.CANCELLED);
    expect(events).toEqual([]);
  });

  test('do not end the next request', async () => {
    const first = await pending();
    await session.abort();
    await session.open('GET', 'http://any/', true);
    const second = await pending();
    expect(second.generation).not.toBe(first.generation);
    backend.respond(first.generation);
    backend.sink.error(first.generation, failure());
    await turns(1);
    expect(second.send.settled).toBe(undefined);
    backend.respond(second.generation);
    await second.send.end;
    expect(second.send.settled).toBe('fulfilled');
    expect(events).toHaveLength(3);
  });

  test('end a request once', async () => {
    const { send, generation } = await pending();
    backend.sink.error(generation, failure());
    backend.sink.responseFinished(generation);
    await send.end;
    await turns(1);
    expect((send.error as WinwireError).hresult).toBe(Code.TIMEOUT);
  });
});
