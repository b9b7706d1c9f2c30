// Open: RQ-029 to RQ-044.
import assert from 'node:assert/strict';
import { watch } from '../../../lib/parity/waiting.ts';
import { getters, NULL, STATES } from './context.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';
import { WinHttpRequestOption } from './subject.ts';

/** A host that no connection must be tried to. */
const UNREACHABLE = 'http://host.invalid/';

export const open: StatementSection = {
  'RQ-029': async (t) => {
    for (const state of STATES) {
      const { request, server, release } = await t.stage(state);
      await t.fails(() => request.open(NULL, NULL), Code.INVALID_ARGUMENT);
      await t.fails(() => request.open('GET', NULL), Code.INVALID_ARGUMENT);
      await t.fails(() => request.open(NULL, server.url()), Code.INVALID_ARGUMENT);
      release();
    }
  },

  'RQ-030': async (t) => {
    const request = await t.create();
    for (const method of ['GET', 'POST', 'PUT', 'HEAD', 'OTHER']) {
      await t.fails(() => request.open(method, 'www.example.com'), Code.UNRECOGNIZED_SCHEME);
    }
  },

  'RQ-031': async (t) => {
    const request = await t.create();
    for (const url of ['ftp://127.0.0.1/', 'file:///tmp/file']) {
      await t.fails(() => request.open('GET', url), Code.UNRECOGNIZED_SCHEME);
    }
  },

  'RQ-032': async (t) => {
    const request = await t.create();
    for (const url of ['http://', 'http://127.0.0.1:65536/', 'http://127.0.0.1:100000/']) {
      await t.fails(() => request.open('GET', url), Code.INVALID_URL);
    }
    await request.open('GET', 'http://127.0.0.1:65535/');
  },

  'RQ-033': async (t) => {
    const server = await t.serve();
    const request = await t.fetch(server.url().replace('http:', 'HTTP:'));
    assert.equal(await request.status, 200);
  },

  'RQ-038': async (t) => {
    const server = await t.serve();
    for (const url of [UNREACHABLE, await t.refusingUrl(), server.url()]) {
      for (const async of [true, false]) await t.open(url, 'GET', async);
    }
    // A connection would arrive before this answer.
    const control = await t.fetch(server.url());
    assert.equal(await control.status, 200);
    assert.equal(server.connections, 1);
  },

  'RQ-039': async (t) => {
    const { request } = await t.stage('DONE');
    await t.fails(() => request.open(NULL, NULL), Code.INVALID_ARGUMENT);
    await t.fails(() => request.open('GET', 'ftp://127.0.0.1/'), Code.UNRECOGNIZED_SCHEME);
    await t.fails(() => request.open('GET', 'http://'), Code.INVALID_URL);
    assert.equal(await request.status, 200);
    assert.equal(await request.statusText, 'OK');
    assert.equal(await request.responseText, 'hello');
    assert.equal(await request.getResponseHeader('Content-Type'), 'text/plain');
  },

  'RQ-040': async (t) => {
    const { request, server } = await t.stage('DONE');
    for (const getter of Object.values(getters)) await getter(request);
    await request.open('GET', server.url());
    await t.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND);
  },

  'RQ-041': async (t) => {
    const { request, pending } = await t.stage('SENDING');
    const other = await t.serve((_request, reply) => reply.send({ status: 201, body: 'second' }));
    await request.open('GET', other.url());
    await pending.end;
    assert.equal(pending.settled, 'rejected');
    await request.send();
    assert.equal(await request.status, 201);
    assert.equal(await request.responseText, 'second');
  },

  'RQ-042': async (t) => {
    const server = await t.serve();
    const url = server.url('/', 'user:password@127.0.0.1');
    const request = await t.fetch(url);
    assert.equal(await request.status, 200);
    assert.deepEqual((await server.arrived()).values('Authorization'), []);
  },

  'RQ-043': async (t) => {
    const request = await t.create();
    const url = 'http://user:password@127.0.0.1/';
    await request.open('GET', url);
    await request.setOption(WinHttpRequestOption.RejectUserpwd, true);
    await t.fails(() => request.open('GET', url), Code.INVALID_URL);
    await request.open('GET', 'http://127.0.0.1/');
  },

  'RQ-044': async (t) => {
    const server = await t.serve();
    const outcome = watch(t.fetch(server.url('/path?query#fragment')));
    assert.equal((await server.arrived()).target, '/path?query');
    await outcome.end;
    assert.equal(outcome.settled, 'fulfilled');
  },
};
