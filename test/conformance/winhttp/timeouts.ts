// Timeouts and transport errors: RQ-142 to RQ-158.
import assert from 'node:assert/strict';
import { type Answer, silence } from '../../../lib/parity/http-server.ts';
import { watch } from '../../../lib/parity/waiting.ts';
import { type RequestContext, STATES } from './context.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';
import { WinHttpRequestOption } from './subject.ts';
import { expired, untrusted, wrongName } from './tls.ts';

const RECEIVE_MS = 100;

const CERTIFICATE_ERRORS = [
  Code.SECURE_FAILURE,
  Code.INVALID_AUTHORITY,
  Code.CERTIFICATE_NAME_INVALID,
  Code.CERTIFICATE_DATE_INVALID,
];

/** A GET of a server with this answer, opened synchronously, fails with one of the HRESULTs. */
async function sendFails(t: RequestContext, answer: Answer, ...codes: readonly number[]): Promise<void> {
  const server = await t.serve(answer);
  const request = await t.open(server.url(), 'GET', false);
  await t.fails(() => request.send(), ...codes);
}

/** Sends the head and a part of the body, then nothing. */
const stall: Answer = async (_request, reply) => {
  reply.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart');
  await new Promise<void>(() => {});
};

/** Sends an incomplete response, then ends the connection. */
function cut(bytes: string): Answer {
  return (_request, reply) => {
    reply.write(bytes);
    reply.end();
  };
}

const TIMEOUTS = [0, 0, 0, 0];

// Longer in total than the time-out of a second.
const PARTS = 20;
const PART_EVERY_MS = 60;

const trickle: Answer = async (_request, reply) => {
  reply.write(`HTTP/1.1 200 OK\r\nContent-Length: ${PARTS}\r\n\r\n`);
  for (let part = 0; part < PARTS; part += 1) {
    await new Promise((resolve) => setTimeout(resolve, PART_EVERY_MS));
    reply.write('x');
  }
};

export const timeouts: StatementSection = {
  'RQ-142': async (t) => {
    for (const state of ['NEW', 'OPEN'] as const) {
      const { request } = await t.stage(state);
      await request.setTimeouts(10_000, 10_000, 10_000, 10_000);
    }
  },

  'RQ-143': async (t) => {
    for (const state of STATES) {
      const { request } = await t.stage(state);
      await request.setTimeouts(0, 0, 0, 0);
      await request.setTimeouts(-1, -1, -1, -1);
    }
    for (const infinite of [0, -1]) {
      const { server, release } = await t.holdingServer();
      const request = await t.open(server.url());
      await request.setTimeouts(RECEIVE_MS, RECEIVE_MS, RECEIVE_MS, RECEIVE_MS);
      await request.setTimeouts(infinite, infinite, infinite, infinite);
      const pending = watch(request.send());
      assert.equal(await request.waitForResponse((3 * RECEIVE_MS) / 1000), false);
      release();
      await pending.end;
      assert.equal(pending.settled, 'fulfilled');
    }
  },

  'RQ-144': async (t) => {
    for (const state of STATES) {
      const { request } = await t.stage(state);
      for (let position = 0; position < 4; position += 1) {
        const [resolve, connect, send, receive] = TIMEOUTS.toSpliced(position, 1, -2) as [
          number,
          number,
          number,
          number,
        ];
        await t.fails(() => request.setTimeouts(resolve, connect, send, receive), Code.INVALID_ARGUMENT);
      }
    }
  },

  'RQ-145': async (t) => {
    const server = await t.serve(silence);
    const request = await t.create();
    await request.setTimeouts(0, 60_000, 30_000, RECEIVE_MS);
    await request.open('GET', server.url());
    await t.fails(() => request.send(), Code.TIMEOUT);
  },

  'RQ-146': async (t) => {
    const server = await t.serve(silence);
    const request = await t.open(server.url());
    await request.setTimeouts(0, 60_000, 30_000, RECEIVE_MS);
    await t.fails(() => request.send(), Code.TIMEOUT);
  },

  'RQ-147': async (t) => {
    const server = await t.serve(stall);
    const request = await t.open(server.url());
    await request.setTimeouts(0, 60_000, 30_000, RECEIVE_MS);
    await t.fails(() => request.send(), Code.TIMEOUT);
  },

  'RQ-148': async (t) => {
    const server = await t.serve(trickle);
    const request = await t.open(server.url());
    await request.setTimeouts(0, 60_000, 30_000, 1_000);
    await request.send();
    assert.equal(await request.responseText, 'x'.repeat(PARTS));
  },

  'RQ-149': async (t) => {
    const request = await t.open(await t.refusingUrl(), 'GET', false);
    await t.fails(() => request.send(), Code.CANNOT_CONNECT);
  },

  'RQ-150': async (t) => {
    const request = await t.open('http://host.invalid/', 'GET', false);
    await t.fails(() => request.send(), Code.NAME_NOT_RESOLVED);
  },

  'RQ-151': (t) => sendFails(t, (_request, reply) => reply.end(), Code.INVALID_SERVER_RESPONSE, Code.CONNECTION_ERROR),

  'RQ-152': (t) => sendFails(t, cut('220 mail.example.com ESMTP\r\n\r\n'), Code.INVALID_SERVER_RESPONSE),

  'RQ-153': (t) => sendFails(t, cut('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart'), Code.CONNECTION_ERROR),

  'RQ-154': (t) => sendFails(t, cut('HTTP/1.1 200 OK\r\nContent-Ty'), Code.INVALID_SERVER_RESPONSE),

  'RQ-155': (t) =>
    sendFails(
      t,
      (_request, reply) => reply.send({ headers: { 'X-Long': 'x'.repeat(70_000) } }),
      Code.INVALID_SERVER_RESPONSE,
      Code.HEADER_SIZE_OVERFLOW,
    ),

  'RQ-156': async (t) => {
    const server = await t.serve((_request, reply) =>
      reply.write('HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\n\nhello'),
    );
    const request = await t.fetch(server.url(), 'GET');
    assert.equal(await request.status, 200);
    assert.equal(await request.getResponseHeader('Content-Type'), 'text/plain');
    assert.equal(await request.responseText, 'hello');
  },

  'RQ-157': async (t) => {
    for (const tls of [untrusted(), expired(), wrongName()]) {
      const server = await t.serve(undefined, { tls });
      const request = await t.open(server.url());
      await t.fails(() => request.send(), ...CERTIFICATE_ERRORS);
      assert.equal(server.requests.length, 0);
    }
  },

  'RQ-158': async (t) => {
    for (const tls of [untrusted(), expired(), wrongName()]) {
      const server = await t.serve(undefined, { tls });
      const request = await t.open(server.url());
      await request.setOption(WinHttpRequestOption.SslErrorIgnoreFlags, 13056);
      await request.send();
      assert.equal(await request.responseText, 'hello');
    }
  },
};
