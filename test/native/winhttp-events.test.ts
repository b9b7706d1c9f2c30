// The event sink with an object that has connection points: Windows', or under Wine the stand-in over Wine's own, which
// an activation context enables for this process only.
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WinHttpRequest } from '../../lib/index.ts';
import { closedPort } from '../../lib/parity/http-server.ts';
import { create, failure } from '../helpers/http-request.ts';
import { HttpServer } from '../helpers/http-server.ts';
import { activateStandin, isWine, winHttpProbe as probe } from '../helpers/standin.ts';

const CANCELLED = 'ERROR_WINHTTP_OPERATION_CANCELLED';
const isWindows = process.platform === 'win32';
if (isWine) activateStandin();

/** Records all events of an object by name; adjacent parts of the body count as one. */
function record(request: WinHttpRequest) {
  const names: string[] = [];
  const chunks: Buffer[] = [];
  const add = (name: string) => {
    if (names.at(-1) !== name) names.push(name);
  };
  request.on('responseStart', () => add('start'));
  request.on('responseDataAvailable', (chunk) => {
    add('data');
    chunks.push(chunk);
  });
  request.on('responseFinished', () => add('finished'));
  request.on('error', () => add('error'));
  return { names, chunks };
}

// A run with the stand-in's modes has a different object.
describe.runIf(isWindows && !process.env.WINWIRE_STANDIN)('the event sink', () => {
  for (const id of probe?.winHttpStatementIds().filter((each) => each.startsWith('sink:')) ?? []) {
    test(id, () => probe?.runStatement(id, 'system'));
  }

  for (const id of ['RQ-004', 'RQ-005', 'RQ-229']) {
    test(`${id} holds with connection points`, () => probe?.runStatement(id, 'system'));
  }
});

describe.runIf(isWindows)('requests that complete by events', () => {
  test('report start, data and finished in order, and the whole body', async () => {
    await using server = await HttpServer.start();
    const request = await create({ backend: 'system' });
    const { names, chunks } = record(request);
    await request.open('GET', server.url('/large?size=300000'));
    await request.send();
    expect(names).toEqual(['start', 'data', 'finished']);
    if (!process.env.WINWIRE_STANDIN) expect(chunks.length).toBeGreaterThan(1);
    expect(Buffer.concat(chunks)).toEqual(await request.responseBody);
    await request[Symbol.asyncDispose]();
  });

  test('report each of two sequential requests completely', async () => {
    await using server = await HttpServer.start();
    const request = await create({ backend: 'system' });
    const { names } = record(request);
    for (const async of [true, false]) {
      await request.open('GET', server.url(), async);
      await request.send();
    }
    expect(names).toEqual(['start', 'data', 'finished', 'start', 'data', 'finished']);
  });

  test("fail with an error event and COM's description", async () => {
    const request = await create({ backend: 'system' });
    const { names } = record(request);
    await request.open('GET', `http://127.0.0.1:${await closedPort()}/`);
    const error = await failure(request.send(), 'ERROR_WINHTTP_CANNOT_CONNECT');
    expect(names).toEqual(['error']);
    if (isWine && !process.env.WINWIRE_STANDIN) expect(error.message).toContain("a stand-in's description");
  });

  for (const event of ['responseStart', 'responseDataAvailable', 'responseFinished'] as const) {
    test(`emit nothing after an abort in a listener of ${event}`, async () => {
      await using server = await HttpServer.start();
      const request = await create({ backend: 'system' });
      const { names } = record(request);
      const told = once(request, event);
      let aborted: Promise<void> | undefined;
      (request as NodeJS.EventEmitter).once(event, () => {
        aborted = request.abort();
      });
      await request.open('GET', server.url('/large?size=100000'));
      const end = request.send().then(
        () => 'done',
        (error) => error.code,
      );
      await told;
      const count = names.length;
      await aborted;
      expect(await end).toBe(event === 'responseFinished' ? 'done' : CANCELLED);
      expect(names.length).toBe(count);
      await request.open('GET', server.url());
      await request.send();
      expect(await request.responseText).toBe('hello');
    });
  }

  test.each(['abort', 'open'] as const)('are not ended by a late event of one that %s has cancelled', async (how) => {
    await using server = await HttpServer.start();
    const request = await create({ backend: 'system' });
    for (let round = 0; round < 10; round += 1) {
      await request.open('GET', server.url('/never'));
      const end = failure(request.send(), CANCELLED);
      if (how === 'abort') await request.abort();
      await request.open('GET', server.url());
      await request.send();
      expect(await request.responseText).toBe('hello');
      await end;
    }
  });

  test('abort 64 that are never answered, beside one that is', async () => {
    await using server = await HttpServer.start();
    const requests = await Promise.all(Array.from({ length: 64 }, () => create({ backend: 'system' })));
    const ends = requests.map(async (request) => {
      await request.open('GET', server.url('/never'), false);
      return request.send().then(
        () => 'done',
        (error) => error.code,
      );
    });
    const response = await WinHttpRequest.request(server.url(), { backend: 'system' });
    expect(response.status).toBe(200);
    await Promise.all(requests.map((request) => request.abort()));
    expect(new Set(await Promise.all(ends))).toEqual(new Set([CANCELLED]));
  });

  test('report the progress of a download', async () => {
    await using server = await HttpServer.start();
    const seen: number[] = [];
    const response = await WinHttpRequest.request(server.url('/large?size=200000'), {
      backend: 'system',
      onDownloadProgress: (received, total) => {
        seen.push(received);
        expect(total).toBe(200000);
      },
    });
    expect(response.body.length).toBe(200000);
    expect(seen.at(-1)).toBe(200000);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  test('end a request at the limit of its body', async () => {
    await using server = await HttpServer.start();
    const request = WinHttpRequest.request(server.url('/large?size=200000'), {
      backend: 'system',
      limits: { responseBody: 100_000 },
    });
    await failure(request, 'ERROR_FILE_TOO_LARGE');
  });

  test('emit nothing after the object is disposed', async () => {
    await using server = await HttpServer.start();
    const request = await create({ backend: 'system' });
    const { names } = record(request);
    await request.open('GET', server.url('/never'));
    const end = failure(request.send(), CANCELLED);
    await request[Symbol.asyncDispose]();
    await end;
    expect(names).toEqual([]);
  });

  test('work with a separate apartment and a synchronous Send', async () => {
    await using server = await HttpServer.start();
    const request = await create({ backend: 'system', nativeSync: true });
    const { names } = record(request);
    await request.open('GET', server.url(), false);
    await request.send();
    expect(names).toEqual(['start', 'data', 'finished']);
    await request.open('GET', server.url('/never'), false);
    const end = failure(request.send(), CANCELLED);
    setTimeout(() => request.abort(), 50);
    await end;
    await request.open('GET', server.url(), false);
    await request.send();
    expect(await request.responseText).toBe('hello');
  });
});
