// Redirects: RQ-175 to RQ-184.
import assert from 'node:assert/strict';
import { type Answer, hello, type ScriptedServer } from '../../../lib/parity/http-server.ts';
import { watch } from '../../../lib/parity/waiting.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';
import { WinHttpRequestOption as Option } from './subject.ts';
import { untrusted } from './tls.ts';

/** Redirects from / to /target with this status. */
function once(status: number, location = '/target'): Answer {
  return (request, reply) =>
    request.target === '/' ? reply.send({ status, headers: { Location: location } }) : hello(request, reply);
}

/** /3 redirects to /2, and so on; /0 answers. */
const countdown: Answer = (request, reply) => {
  const hops = Number(request.target.slice(1));
  if (hops === 0) reply.send({ body: 'arrived' });
  else reply.send({ status: 302, headers: { Location: `/${hops - 1}` } });
};

/** Returns method, target and body of each request. */
function linesOf(server: ScriptedServer): string[] {
  return server.requests.map(({ method, target, body }) => [method, target, body.toString()].join(' ').trim());
}

export const redirects: StatementSection = {
  'RQ-175': async (t) => {
    const server = await t.serve(countdown);
    const request = await t.fetch(server.url('/3'));
    assert.equal(await request.status, 200);
    assert.equal(await request.responseText, 'arrived');
    assert.deepEqual(linesOf(server), ['GET /3', 'GET /2', 'GET /1', 'GET /0']);
  },

  'RQ-176': async (t) => {
    const server = await t.serve(countdown);
    assert.equal(await (await t.fetch(server.url('/10'))).responseText, 'arrived');
    await t.fails(() => t.fetch(server.url('/11')), Code.REDIRECT_FAILED);
  },

  'RQ-177': async (t) => {
    const server = await t.serve(countdown);
    const request = await t.open(server.url('/3'));
    await request.setOption(Option.MaxAutomaticRedirects, 2);
    await t.fails(() => request.send(), Code.REDIRECT_FAILED);
    await request.open('GET', server.url('/2'));
    await request.setOption(Option.MaxAutomaticRedirects, 2);
    await request.send();
    assert.equal(await request.responseText, 'arrived');
  },

  'RQ-178': async (t) => {
    for (const status of [301, 302, 303]) {
      const server = await t.serve(once(status));
      const request = await t.fetch(server.url(), 'POST', 'body');
      assert.equal(await request.status, 200);
      assert.deepEqual(linesOf(server), ['POST / body', 'GET /target']);
      assert.deepEqual((await server.arrived(2)).values('Content-Length'), []);
    }
  },

  'RQ-179': async (t) => {
    for (const status of [307, 308]) {
      const server = await t.serve(once(status));
      const request = await t.fetch(server.url(), 'POST', 'body');
      assert.equal(await request.status, 200);
      assert.deepEqual(linesOf(server), ['POST / body', 'POST /target body']);
    }
  },

  'RQ-180': async (t) => {
    const server = await t.serve(once(302));
    const request = await t.fetch(server.url(), 'HEAD');
    assert.equal(await request.status, 200);
    assert.deepEqual(linesOf(server), ['HEAD /', 'HEAD /target']);
  },

  'RQ-181': async (t) => {
    const target = await t.serve();
    const server = await t.serve(once(302, target.url('/target')));
    const request = await t.open(server.url());
    const headers = { 'X-Name': 'value', Authorization: 'Custom secret' };
    for (const [name, value] of Object.entries(headers)) await request.setRequestHeader(name, value);
    await request.send();
    for (const seen of [await server.arrived(), await target.arrived()]) {
      for (const [name, value] of Object.entries(headers)) assert.deepEqual(seen.values(name), [value]);
    }
  },

  'RQ-182': async (t) => {
    const target = await t.serve();
    const server = await t.serve(once(302, target.url('/target')), { tls: untrusted() });
    const request = await t.open(server.url());
    await request.setOption(Option.SslErrorIgnoreFlags, 0x3300);
    const send = watch(request.send());
    await send.end;
    assert.equal(server.requests.length, 1);
    assert.equal(target.connections, 0);
    if (send.settled === 'rejected') await t.fails(() => Promise.reject(send.error), Code.REDIRECT_FAILED);
    else assert.equal(await request.status, 302);
  },

  'RQ-183': async (t) => {
    const target = await t.serve();
    const server = await t.serve(once(302, target.url('/target')), { tls: untrusted() });
    const request = await t.open(server.url());
    await request.setOption(Option.SslErrorIgnoreFlags, 0x3300);
    await request.setOption(Option.EnableHttpsToHttpRedirects, true);
    await request.send();
    assert.equal(await request.status, 200);
    assert.deepEqual(linesOf(target), ['GET /target']);
  },

  'RQ-184': async (t) => {
    const server = await t.serve((_request, reply) => reply.send({ status: 302, body: 'nowhere' }));
    const request = await t.open(server.url());
    await t.fails(() => request.send());
  },
};
