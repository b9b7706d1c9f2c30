// Aborted requests by Node's own fetch and by this package's: results, errors and their order are the same.
import { describe, it } from 'vitest';
import { describeError, describeResponse } from '../helpers/fetch-outcome.ts';
import { startComparison } from '../helpers/same-fetch.ts';

const { same } = startComparison();

describe('aborts', () => {
  const reasons: Record<string, unknown> = { none: undefined, 'an error': new RangeError('mine'), 'a string': 'mine' };

  it.each(Object.entries(reasons))('before the response, with the reason %s', async (_name, reason) => {
    await same(
      async (call, origin) => {
        const abort = new AbortController();
        const response = call(`${origin}/abort`, { signal: abort.signal });
        setImmediate(() => abort.abort(reason));
        return describeResponse(await response);
      },
      () => {},
    );
  });

  it.each(Object.entries(reasons))('within the body, with the reason %s', async (_name, reason) => {
    await same(
      async (call, origin) => {
        const abort = new AbortController();
        const response = await call(origin, { signal: abort.signal });
        const reader = response.body?.getReader();
        const first = Buffer.from((await reader?.read())?.value ?? []).toString();
        abort.abort(reason);
        return { first, next: await reader?.read().catch(describeError) };
      },
      (_request, response) => response.write('part'),
    );
  });

  it('of one of two bodies that a clone has', async () => {
    await same(
      async (call, origin) => {
        const abort = new AbortController();
        const response = await call(origin, { signal: abort.signal });
        const texts = [response.clone(), response].map((one) => one.text().catch(describeError));
        abort.abort();
        return Promise.all(texts);
      },
      (_request, response) => response.write('part'),
    );
  });

  it.each(['arrayBuffer', 'blob', 'formData', 'json', 'text'] as const)('before and after %s()', async (name) => {
    for (const isBefore of [true, false]) {
      await same(
        async (call, origin) => {
          const abort = new AbortController();
          const response = await call(origin, { signal: abort.signal });
          const order: string[] = [];
          if (isBefore) abort.abort();
          const body = response[name]().catch((error) => order.push('rejected') && describeError(error));
          if (!isBefore) abort.abort();
          await Promise.all([body, Promise.resolve().then(() => order.push('next'))]);
          return [order, await body];
        },
        (_request, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).write('[1'),
      );
    }
  });

  it('of a body that its reader cancels', async () => {
    await same(
      async (call, origin) => {
        const response = await call(origin);
        await response.body?.cancel('enough');
        return describeResponse(response);
      },
      (_request, response) => response.write('part'),
    );
  });

  it('of a streamed upload', async () => {
    await same(
      async (call, origin) => {
        const abort = new AbortController();
        let cancelled: unknown = 'no';
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(Buffer.from('x')),
          // The first chunk was taken, so the request is on a connection.
          pull: () => {
            setImmediate(() => abort.abort(new RangeError('mine')));
            return new Promise(() => {});
          },
          cancel: (reason) => {
            cancelled = describeError(reason);
          },
        });
        const init = { method: 'POST', body, duplex: 'half', signal: abort.signal } as RequestInit;
        const outcome = await call(origin, init).catch(describeError);
        return { outcome, cancelled };
      },
      () => {},
    );
  });
});
