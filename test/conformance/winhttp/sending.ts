// Send and its bodies: RQ-059 to RQ-081.
import assert from 'node:assert/strict';
import type { SeenRequest } from '../../../lib/parity/http-wire.ts';
import { watch } from '../../../lib/parity/waiting.ts';
import type { RequestContext } from './context.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';

type Body = string | Uint8Array | null | undefined;

interface SendOptions {
  method?: string;
  contentType?: string;
}

/** Returns the request with this body as received by the server. */
async function sent(t: RequestContext, body: Body, options: SendOptions = {}): Promise<SeenRequest> {
  const { method = 'POST', contentType } = options;
  const server = await t.serve();
  const request = await t.open(server.url(), method);
  if (contentType !== undefined) await request.setRequestHeader('Content-Type', contentType);
  await request.send(body);
  assert.equal(await request.status, 200);
  assert.equal(server.requests.length, 1);
  return server.arrived();
}

/** Returns the type and the parameters of Content-Type in lower case. */
function mediaType(request: SeenRequest): string[] {
  const [type = '', ...parameters] = (request.header('Content-Type') ?? '').split(';').map((part) => part.trim());
  return [type, ...parameters.map((parameter) => parameter.toLowerCase())];
}

export const sending: StatementSection = {
  'RQ-059': async (t) => {
    const { request } = await t.stage('ABORTED');
    await t.fails(() => request.send(), Code.CANNOT_CALL_BEFORE_OPEN);
  },

  'RQ-060': async (t) => {
    const { request } = await t.stage('NEW');
    await t.fails(() => request.send(), Code.CANNOT_CALL_BEFORE_OPEN);
  },

  'RQ-061': async (t) => {
    const server = await t.serve();
    const request = await t.open(server.url(), 'GET', false);
    await request.send(undefined);
    assert.equal(await request.status, 200);
    assert.equal(await request.responseText, 'hello');
  },

  'RQ-062': async (t) => {
    for (const async of [true, false]) {
      const { request } = await t.stage('DONE', async);
      await request.send();
      assert.equal(await request.status, 200);
    }
  },

  'RQ-063': async (t) => {
    const server = await t.serve((request, reply) => reply.send({ body: `seen: ${request.body}` }));
    const request = await t.fetch(server.url(), 'POST', 'first');
    await request.send('second');
    assert.equal(await request.responseText, 'seen: first');
    // Bytes of the second Send would arrive before this.
    await t.fetch(server.url('/control'));
    assert.deepEqual(
      server.requests.map(({ target }) => target),
      ['/', '/control'],
    );
  },

  'RQ-064': async (t) => {
    for (const body of ['body', Buffer.from('bytes')]) {
      const request = await sent(t, body, { method: 'GET' });
      assert.equal(request.body.length, 0);
      assert.deepEqual(request.values('Content-Length'), []);
      assert.deepEqual(request.values('Transfer-Encoding'), []);
    }
  },

  'RQ-065': async (t) => {
    assert.deepEqual((await sent(t, undefined)).values('Content-Length'), ['0']);
  },

  'RQ-066': async (t) => {
    for (const body of [undefined, null, '']) assert.deepEqual((await sent(t, body)).values('Content-Length'), ['0']);
  },

  'RQ-067': async (t) => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const request = await sent(t, 'body', { method });
      assert.equal(request.method, method);
      assert.equal(request.body.toString(), 'body');
      assert.deepEqual(request.values('Content-Length'), ['4']);
    }
  },

  'RQ-068': async (t) => {
    const request = await sent(t, 'plain ASCII', { contentType: 'application/x-test' });
    assert.equal(request.body.toString('latin1'), 'plain ASCII');
    const [type, ...parameters] = mediaType(request);
    assert.equal(type, 'application/x-test');
    assert.ok(parameters.every((parameter) => parameter === 'charset=utf-8'));
    assert.ok(parameters.length <= 1);
  },

  'RQ-069': async (t) => {
    const request = await sent(t, 'grün €');
    assert.deepEqual(request.body, Buffer.from('grün €'));
    assert.deepEqual(mediaType(request), ['text/plain', 'charset=utf-8']);
  },

  'RQ-070': async (t) => {
    const request = await sent(t, '"grün €"', { contentType: 'application/json' });
    assert.deepEqual(request.body, Buffer.from('"grün €"'));
    assert.deepEqual(mediaType(request), ['application/json', 'charset=utf-8']);
  },

  'RQ-071': async (t) => {
    const { body } = await sent(t, '\u0080');
    await t.assumed(() => assert.deepEqual(body, Buffer.from([0xc2, 0x80])));
  },

  'RQ-072': async (t) => {
    assert.deepEqual((await sent(t, '\u{1f600}')).body, Buffer.from([0xf0, 0x9f, 0x98, 0x80]));
  },

  'RQ-073': async (t) => {
    const replacement = Buffer.from([0xef, 0xbf, 0xbd]);
    assert.deepEqual((await sent(t, '\ud800')).body, replacement);
    assert.deepEqual(
      (await sent(t, 'a\udc00b')).body,
      Buffer.concat([Buffer.from('a'), replacement, Buffer.from('b')]),
    );
  },

  'RQ-074': async (t) => {
    const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
    const request = await sent(t, bytes);
    assert.deepEqual(request.body, Buffer.from(bytes));
    assert.deepEqual(request.values('Content-Type'), []);
  },

  'RQ-075': async (t) => {
    const request = await sent(t, new Uint8Array(0));
    assert.deepEqual(request.values('Content-Length'), ['0']);
    assert.equal(request.body.length, 0);
  },

  'RQ-078': async (t) => {
    assert.deepEqual((await sent(t, 'a\0b\0')).body, Buffer.from('a\0b\0'));
  },

  'RQ-079': async (t) => {
    const request = await sent(t, undefined, { method: 'GET' });
    assert.deepEqual(request.values('User-Agent'), ['Mozilla/4.0 (compatible; Win32; WinHttp.WinHttpRequest.5)']);
    assert.deepEqual(request.values('Accept'), ['*/*']);
    assert.deepEqual(
      request.values('Connection').map((value) => value.toLowerCase()),
      ['keep-alive'],
    );
    assert.deepEqual(request.values('Accept-Encoding'), []);
  },

  'RQ-080': async (t) => {
    const server = await t.serve((_request, reply) => reply.send({ headers: { 'X-Name': 'value' }, body: 'hello' }));
    const request = await t.fetch(server.url(), 'HEAD');
    assert.equal(await request.status, 200);
    assert.equal(await request.getResponseHeader('X-Name'), 'value');
    assert.equal(await request.getResponseHeader('Content-Length'), '5');
    assert.equal((await request.responseBody).length, 0);
    assert.equal((await server.arrived()).method, 'HEAD');
  },

  'RQ-081': async (t) => {
    const { request, pending, release } = await t.stage('SENDING');
    // Send has returned before the response, so other members can be called.
    assert.equal(await request.waitForResponse(0), false);
    assert.equal(pending.settled, undefined);
    release();
    assert.equal(await request.waitForResponse(), true);

    const refused = await t.open(await t.refusingUrl());
    const send = watch(refused.send());
    await t.fails(() => refused.waitForResponse(10), Code.CANNOT_CONNECT);
    await send.end;
    assert.equal(send.settled, 'rejected');
  },
};
