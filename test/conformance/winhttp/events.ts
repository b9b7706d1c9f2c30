// Events: RQ-219 to RQ-231.
import assert from 'node:assert/strict';
import { WinwireError } from '../../../lib/errors.ts';
import { silence } from '../../../lib/parity/http-server.ts';
import { turns, watch } from '../../../lib/parity/waiting.ts';
import type { RequestContext } from './context.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';
import type { WinHttpRequest } from './subject.ts';

type Event =
  | { readonly name: 'responseStart'; readonly status: number; readonly contentType: string }
  | { readonly name: 'responseDataAvailable'; readonly chunk: Buffer }
  | { readonly name: 'responseFinished' }
  | { readonly name: 'error'; readonly error: unknown };

/** Records all events of an object from now on. */
export function record(request: WinHttpRequest): Event[] {
  const events: Event[] = [];
  request.on('responseStart', (status, contentType) => events.push({ name: 'responseStart', status, contentType }));
  request.on('responseDataAvailable', (chunk) =>
    events.push({ name: 'responseDataAvailable', chunk: Buffer.from(chunk) }),
  );
  request.on('responseFinished', () => events.push({ name: 'responseFinished' }));
  request.on('error', (error) => events.push({ name: 'error', error }));
  return events;
}

/** Returns names in order; adjacent parts of the body count as one. */
export function namesOf(events: readonly Event[]): string[] {
  const names = events.map(({ name }) => name);
  return names.filter((name, index) => name !== 'responseDataAvailable' || names[index - 1] !== name);
}

function bodyOf(events: readonly Event[]): Buffer {
  return Buffer.concat(events.map((event) => (event.name === 'responseDataAvailable' ? event.chunk : Buffer.alloc(0))));
}

const COMPLETE = ['responseStart', 'responseDataAvailable', 'responseFinished'];
const BODYLESS = ['responseStart', 'responseFinished'];

async function recorded(t: RequestContext, url: string, async = true) {
  const request = await t.open(url, 'GET', async);
  const events = record(request);
  const send = watch(request.send());
  await send.end;
  await turns();
  return { request, events, send };
}

const bytes = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, index) => index % 251));

/** Fails unless the only event is an error with the HRESULT. */
function assertOnlyError(events: readonly Event[], code: number): void {
  assert.deepEqual(namesOf(events), ['error']);
  const [event] = events;
  assert.ok(event?.name === 'error' && event.error instanceof WinwireError);
  assert.equal(event.error.hresult, code);
}

export const events: StatementSection = {
  'RQ-219': async (t) => {
    const server = await t.serve();
    const { events } = await recorded(t, server.url());
    assert.deepEqual(namesOf(events), COMPLETE);
    assert.deepEqual(events[0], { name: 'responseStart', status: 200, contentType: 'text/plain' });
    assert.ok(events.slice(1, -1).every((event) => event.name === 'responseDataAvailable' && event.chunk.length > 0));
  },

  'RQ-220': async (t) => {
    const server = await t.serve((_request, reply) => reply.send({ body: bytes }));
    const { request, events } = await recorded(t, server.url());
    assert.ok(bodyOf(events).equals(bytes));
    assert.ok((await request.responseBody).equals(bytes));
  },

  'RQ-221': async (t) => {
    const server = await t.serve();
    const request = await t.open(server.url());
    const read: unknown[] = [];
    const finished = new Promise<void>((resolve, reject) => {
      request.on('responseFinished', () => {
        Promise.all([request.status, request.responseText, request.responseBody])
          .then((values) => read.push(...values))
          .then(() => resolve(), reject);
      });
    });
    await request.send();
    await finished;
    assert.deepEqual(read, [200, 'hello', Buffer.from('hello')]);
  },

  'RQ-222': async (t) => {
    for (const status of [404, 500]) {
      const server = await t.serve((_request, reply) => reply.send({ status, body: 'sorry' }));
      const { events } = await recorded(t, server.url());
      assert.deepEqual(namesOf(events), COMPLETE);
      assert.ok(events[0]?.name === 'responseStart' && events[0].status === status);
    }
  },

  'RQ-223': async (t) => {
    const server = await t.serve((_request, reply) => reply.send());
    assert.deepEqual(namesOf((await recorded(t, server.url())).events), BODYLESS);
  },

  'RQ-224': async (t) => {
    const { events } = await recorded(t, await t.refusingUrl());
    assertOnlyError(events, Code.CANNOT_CONNECT);
  },

  'RQ-225': async (t) => {
    const server = await t.serve(silence);
    const request = await t.open(server.url());
    await request.setTimeouts(0, 60_000, 30_000, 100);
    const events = record(request);
    await watch(request.send()).end;
    await turns();
    assertOnlyError(events, Code.TIMEOUT);
  },

  'RQ-226': async (t) => {
    const server = await t.serve((request, reply) =>
      request.target === '/'
        ? reply.send({ status: 302, headers: { Location: '/target' }, body: 'elsewhere' })
        : reply.send({ status: 203, body: 'here' }),
    );
    const { events } = await recorded(t, server.url());
    assert.deepEqual(namesOf(events), COMPLETE);
    assert.ok(events[0]?.name === 'responseStart' && events[0].status === 203);
    assert.equal(bodyOf(events).toString(), 'here');
  },

  'RQ-227': async (t) => {
    const server = await t.serve();
    const request = await t.open(server.url());
    const events = record(request);
    request.removeAllListeners();
    await request.send();
    await turns();
    assert.deepEqual(events, []);
    assert.equal(await request.responseText, 'hello');
  },

  'RQ-228': async (t) => {
    for (const state of ['SENDING', 'RECEIVING'] as const) {
      const { request, pending, release } = await t.stage(state);
      const events = record(request);
      const told = events.length;
      await request.abort();
      release();
      await pending.end;
      await turns();
      assert.deepEqual(events.slice(told), []);
    }
  },

  'RQ-230': async (t) => {
    const server = await t.serve();
    const request = await t.open(server.url(), 'GET', false);
    const order: string[] = [];
    request.on('responseFinished', () => order.push('responseFinished'));
    await request.send().then(() => order.push('send'));
    assert.deepEqual(order, ['responseFinished', 'send']);
  },

  'RQ-231': async (t) => {
    const server = await t.serve((request, reply) => reply.send({ body: request.target }));
    const request = await t.open(server.url('/first'));
    const events = record(request);
    await request.send();
    await turns();
    const first = events.splice(0);
    await request.open('GET', server.url('/second'));
    await request.send();
    await turns();
    assert.deepEqual([namesOf(first), namesOf(events)], [COMPLETE, COMPLETE]);
    assert.deepEqual([bodyOf(first).toString(), bodyOf(events).toString()], ['/first', '/second']);
  },
};
