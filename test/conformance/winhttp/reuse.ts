// Reuse, cookies, connections: RQ-203 to RQ-211.
import assert from 'node:assert/strict';
import { type Answer, silence } from '../../../lib/parity/http-server.ts';
import type { SeenRequest } from '../../../lib/parity/http-wire.ts';
import { deferred, turns, watch } from '../../../lib/parity/waiting.ts';
import { record } from './events.ts';
import type { StatementSection } from './statement.ts';
import { WinHttpRequest } from './subject.ts';

/** Every answer sets two cookies. */
const cookies: Answer = (_request, reply) =>
  reply.send({ headers: { 'Set-Cookie': ['first=1; path=/', 'second=2; path=/'] }, body: 'hello' });

const STORED = ['first=1', 'second=2'];

/** Returns the cookies of a request; the order of stored ones is not specified. */
function cookiesOf(request: SeenRequest): string[] {
  return request.values('Cookie').flatMap((value) => value.split('; '));
}

declare const gc: (() => void) | undefined;

// Far more than needed if the object is unreferenced.
const COLLECTIONS = 50;

/** Fails unless the object is garbage-collected. */
async function assertCollected(reference: WeakRef<object>): Promise<void> {
  assert.ok(gc, 'node runs with --expose-gc');
  for (let count = 0; count < COLLECTIONS && reference.deref() !== undefined; count += 1) {
    await turns(1);
    gc();
  }
  assert.equal(reference.deref(), undefined, 'nothing holds the object');
}

export const reuse: StatementSection = {
  'RQ-203': async (t) => {
    const server = await t.serve((request, reply) => reply.send({ status: 200, body: request.target }));
    const other = await t.serve((_request, reply) => reply.send({ status: 404, body: 'other' }));
    const request = await t.fetch(server.url('/first'));
    assert.equal(await request.responseText, '/first');
    await request.open('POST', other.url());
    await request.send('body');
    assert.equal(await request.status, 404);
    assert.equal(await request.responseText, 'other');
    assert.equal((await other.arrived()).body.toString(), 'body');
  },

  'RQ-204': async (t) => {
    const server = await t.serve(cookies);
    const request = await t.fetch(server.url());
    await request.open('GET', server.url('/path'));
    await request.send();
    assert.deepEqual(cookiesOf(await server.arrived(1)), []);
    assert.deepEqual(cookiesOf(await server.arrived(2)).toSorted(), STORED);
  },

  'RQ-205': async (t) => {
    const server = await t.serve(cookies);
    await t.fetch(server.url());
    await t.fetch(server.url());
    assert.deepEqual(cookiesOf(await server.arrived(2)), []);
  },

  'RQ-206': async (t) => {
    const server = await t.serve(cookies);
    const request = await t.fetch(server.url());
    await request.open('GET', server.url('/', 'localhost'));
    await request.send();
    assert.deepEqual(cookiesOf(await server.arrived(2)), []);
    await request.open('GET', server.url());
    await request.send();
    assert.deepEqual(cookiesOf(await server.arrived(3)).toSorted(), STORED);
  },

  'RQ-207': async (t) => {
    const server = await t.serve(cookies);
    const request = await t.fetch(server.url());
    await request.open('GET', server.url());
    await request.setRequestHeader('Cookie', 'manual=0');
    await request.send();
    const [manual, ...stored] = cookiesOf(await server.arrived(2));
    assert.equal(manual, 'manual=0');
    assert.deepEqual(stored.toSorted(), STORED);
  },

  'RQ-208': async (t) => {
    const server = await t.serve();
    const request = await t.fetch(server.url());
    await request.open('GET', server.url());
    await request.send();
    assert.equal(server.requests.length, 2);
    assert.equal(server.connections, 1);
  },

  'RQ-209': async (t) => {
    // Like other servers, closes a connection that is not kept.
    const server = await t.serve((request, reply) => {
      const closes = request.header('Connection') === 'close';
      reply.send(closes ? { headers: { Connection: 'close' } } : {});
      if (closes) reply.end();
    });
    const request = await t.open(server.url());
    await request.setRequestHeader('Connection', 'close');
    await request.send();
    await request.open('GET', server.url());
    await request.send();
    assert.deepEqual(
      server.requests.map(({ connection }) => connection),
      [1, 2],
    );
  },

  'RQ-210': async (t) => {
    const secondIsDone = deferred();
    const server = await t.serve(async (request, reply) => {
      if (request.target === '/first') await secondIsDone.promise;
      reply.send({ body: request.target });
    });
    const [first, second] = [await t.open(server.url('/first')), await t.open(server.url('/second'))];
    const pending = watch(first.send());
    await server.arrived(1);
    await second.send();
    secondIsDone.resolve();
    await pending.end;
    assert.equal(await first.responseText, '/first');
    assert.equal(await second.responseText, '/second');
  },

  'RQ-211': async (t) => {
    const server = await t.serve(silence);
    const events: unknown[][] = [];
    const release = async () => {
      const request = await WinHttpRequest.create({ backend: t.lane.backend });
      await request.open('GET', server.url());
      events.push(record(request));
      const pending = watch(request.send());
      await server.arrived(events.length);
      await request.abort();
      await request[Symbol.asyncDispose]();
      await pending.end;
      return new WeakRef(request);
    };
    for (let count = 0; count < 5; count += 1) await assertCollected(await release());
    assert.deepEqual(events.flat(), []);
  },
};
