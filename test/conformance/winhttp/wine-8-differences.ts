// How Wine's WinHttpRequest, measured in 8.0, differs from the statements, each with a test of the difference.
import assert from 'node:assert/strict';
import { silence } from '../../../lib/parity/http-server.ts';
import type { HeaderList, ResponseOptions } from '../../../lib/parity/http-wire.ts';
import { turns, watch } from '../../../lib/parity/waiting.ts';
import { probe } from '../websocket/probe.ts';
import type { RequestContext, State } from './context.ts';
import { Code } from './hresult.ts';
import type { StatementTest } from './statement.ts';
import { WinHttpRequestOption as Option, ProxySetting, type WinHttpRequest } from './subject.ts';
import { untrusted } from './tls.ts';

/** With the major version of Wine that no longer has the difference. */
type Difference = readonly [reason: string, test: StatementTest, goneIn?: number];

const OPEN_ONLY = 'http://127.0.0.1/';

/** Options other than 2 and 6 are unknown. */
function noOption(option: number, value: string | number | boolean, goneIn?: number): Difference {
  return [
    `option ${option} is not implemented (0x80004001)`,
    async (t) => {
      const request = await t.open(OPEN_ONLY);
      await t.fails(() => request.setOption(option, value), Code.NOT_IMPLEMENTED);
      await t.fails(() => request.getOption(option), Code.NOT_IMPLEMENTED);
    },
    goneIn,
  ];
}

/** Members that fail in this state with another HRESULT. */
function otherCode(reason: string, state: State, code: number, names: string[]): Difference {
  return [reason, async (t) => t.gettersFail((await t.stage(state)).request, code, names)];
}

async function answered(t: RequestContext, options: ResponseOptions): Promise<WinHttpRequest> {
  const server = await t.serve((_request, reply) => reply.send(options));
  return t.fetch(server.url());
}

async function cutOff(t: RequestContext, bytes: string): Promise<WinHttpRequest> {
  const server = await t.serve((_request, reply) => {
    reply.write(bytes);
    reply.end();
  });
  return t.fetch(server.url());
}

/** The text is decoded in the ANSI code page, in which each byte is a character. */
function ansi(contentType: string, text: string): Difference {
  return [
    'ResponseText knows only charset=utf-8, as the last parameter and without quotes; else the ANSI code page',
    async (t) => {
      const body = Buffer.from(text);
      const request = await answered(t, { headers: { 'Content-Type': contentType }, body });
      assert.equal((await request.responseText).length, body.length);
    },
  ];
}

/** The receive time-out does not apply to the wait for headers. */
function noReceiveTimeout(beforeOpen: boolean): Difference {
  return [
    'the receive time-out does not hold while the headers are awaited',
    async (t) => {
      const server = await t.serve(silence);
      const request = await t.create();
      const limit = () => request.setTimeouts(0, 60_000, 30_000, 100);
      if (beforeOpen) await limit();
      await request.open('GET', server.url());
      if (!beforeOpen) await limit();
      const pending = watch(request.send());
      assert.equal(await request.waitForResponse(0.5), false);
      assert.equal(pending.settled, undefined);
    },
  ];
}

function targetsOf(requests: readonly { method: string; target: string; headers: HeaderList }[]): string[] {
  return requests.map(({ method, target }) => `${method} ${target}`);
}

/** The native probe reports a different result. */
function probed(reason: string, id: string, finding: RegExp): Difference {
  return [reason, async (t) => assert.throws(() => probe.runStatement(id, t.lane.backend), finding)];
}

const NO_INTERFACE = /0x80004002/;

export const wine8: Readonly<Record<string, Difference>> = {
  'RQ-004': probed('the object has no connection points (E_NOINTERFACE)', 'RQ-004', NO_INTERFACE),
  'RQ-005': probed('the object has no connection points (E_NOINTERFACE)', 'RQ-005', /failed: .*container/),
  'RQ-028': probed('EXCEPINFO has neither source nor description', 'RQ-028', /bstrSource/),

  'RQ-043': noOption(Option.RejectUserpwd, true),

  'RQ-044': [
    'the fragment is sent, escaped',
    async (t) => {
      const server = await t.serve();
      await t.fetch(server.url('/path?query#fragment'));
      assert.equal((await server.arrived()).target, '/path?query%23fragment');
    },
  ],

  'RQ-050': [
    'S_OK, but the header is then sent empty',
    async (t) => {
      const server = await t.serve();
      const request = await t.open(server.url());
      await request.setRequestHeader('X-Name', null);
      await request.send();
      assert.deepEqual((await server.arrived()).values('X-Name'), ['']);
    },
  ],

  'RQ-056': [
    'a header can be set while the request is pending',
    async (t) => {
      const { request } = await t.stage('SENDING');
      await request.setRequestHeader('X-Name', 'value');
    },
  ],

  'RQ-076': probed('of an array whose lower bound is not 0, bytes behind it are sent', 'RQ-076', /Echo/),

  'RQ-078': [
    'a string body ends at its first NUL',
    async (t) => {
      const server = await t.serve();
      await t.fetch(server.url(), 'POST', 'a\0b\0');
      assert.equal((await server.arrived()).body.toString(), 'a');
    },
  ],

  'RQ-087': otherCode('0x80072F45 while the request is pending', 'SENDING', Code.CANNOT_CALL_BEFORE_SEND, [
    'responseStream',
  ]),

  'RQ-088': otherCode('0x80072F45 while the request is pending', 'SENDING', Code.CANNOT_CALL_BEFORE_SEND, [
    'status',
    'statusText',
    'responseText',
  ]),

  'RQ-090': [
    'during the body its getters return the received part, without an error',
    async (t) => {
      const { request } = await t.stage('RECEIVING');
      assert.ok('part'.startsWith(await request.responseText));
      assert.ok((await request.responseBody).length <= 'part'.length);
    },
  ],

  'RQ-099': [
    'GetAllResponseHeaders begins with the status line',
    async (t) => {
      const request = await answered(t, { headers: { 'X-Name': 'value' } });
      assert.match(await request.getAllResponseHeaders(), /^HTTP\/1\.1 200 OK\r\n/);
    },
  ],

  'RQ-101': probed('the length of the BSTR counts the NUL behind it', 'RQ-101', /SysStringLen.*actual:\s*3/s),
  'RQ-103': probed('without a body there is an array of no bytes', 'RQ-103', /vt.*actual:\s*8209/s),

  'RQ-116': ansi('text/plain; charset=windows-1251', 'При'),
  'RQ-117': ansi('text/plain; charset="utf-8"', 'grün €'),
  'RQ-118': ansi('text/plain; charset=utf-8; x=y', 'grün €'),

  'RQ-119': [
    'invalid UTF-8 becomes U+FFFD',
    async (t) => {
      const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
      const request = await answered(t, { headers, body: Uint8Array.of(0x61, 0xff, 0x62) });
      assert.equal(await request.responseText, 'a\ufffdb');
    },
  ],

  'RQ-141': [
    'the connection of an aborted request stays open, until the server closes it',
    async (t) => {
      const { request, server, pending } = await t.stage('SENDING');
      await request.abort();
      await pending.end;
      await t.fetch((await t.serve()).url());
      await turns();
      assert.equal(server.open, 1);
      server.cut();
      await server.closed();
    },
  ],

  'RQ-144': [
    'SetTimeouts takes every negative number',
    async (t) => {
      const request = await t.open(OPEN_ONLY);
      await request.setTimeouts(-2, -2, -2, -2);
    },
  ],

  'RQ-145': noReceiveTimeout(true),
  'RQ-146': noReceiveTimeout(false),
  'RQ-225': noReceiveTimeout(false),

  'RQ-147': [
    'during the body the receive time-out is 0x8007274C, of Winsock',
    async (t) => {
      const server = await t.serve(async (_request, reply) => {
        reply.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart');
        await new Promise<void>(() => {});
      });
      const request = await t.open(server.url());
      await request.setTimeouts(0, 60_000, 30_000, 100);
      await t.fails(() => request.send(), Code.WINSOCK_TIMED_OUT);
    },
  ],

  'RQ-153': [
    'a body that is cut off is taken for whole',
    async (t) => {
      const request = await cutOff(t, 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart');
      assert.equal(await request.responseText, 'part');
    },
  ],

  'RQ-154': [
    'headers that are cut off are taken for whole',
    async (t) => {
      const request = await cutOff(t, 'HTTP/1.1 200 OK\r\nContent-Ty');
      assert.equal(await request.status, 200);
    },
  ],

  'RQ-155': [
    'a header that is too long is cut off without an error',
    async (t) => {
      const request = await answered(t, { headers: { 'X-Long': 'x'.repeat(70_000) } });
      assert.equal(await request.status, 200);
      assert.ok((await request.getResponseHeader('X-Long')).length < 70_000);
    },
  ],

  'RQ-157': [
    'a certificate that is refused is 0x80072F7D (12157)',
    async (t) => {
      const server = await t.serve(undefined, { tls: untrusted() });
      const request = await t.open(server.url());
      await t.fails(() => request.send(), Code.SECURE_CHANNEL_ERROR);
      assert.equal(server.requests.length, 0);
    },
  ],

  'RQ-158': noOption(Option.SslErrorIgnoreFlags, 13056, 10),

  'RQ-162': [
    'Open sets URLCodePage back',
    async (t) => {
      const request = await t.create();
      await request.setOption(Option.URLCodePage, 1252);
      await request.open('GET', OPEN_ONLY);
      assert.equal(await request.getOption(Option.URLCodePage), 65001);
    },
  ],

  'RQ-163': noOption(Option.UserAgentString, 'something/1.0'),
  'RQ-164': noOption(Option.UserAgentString, 'something/1.0'),
  'RQ-165': noOption(Option.URL, OPEN_ONLY),
  'RQ-166': noOption(Option.URL, OPEN_ONLY),
  'RQ-167': noOption(Option.URL, OPEN_ONLY),
  'RQ-168': noOption(Option.MaxAutomaticRedirects, 10),

  'RQ-170': [
    'Open sets EnableRedirects back',
    async (t) => {
      const server = await t.serve((request, reply) =>
        reply.send(request.target === '/' ? { status: 302, headers: { Location: '/target' } } : {}),
      );
      const request = await t.create();
      await request.setOption(Option.EnableRedirects, false);
      await request.open('GET', server.url());
      await request.send();
      assert.equal(await request.status, 200);
      assert.deepEqual(targetsOf(server.requests), ['GET /', 'GET /target']);
    },
  ],

  'RQ-171': noOption(Option.EnableHttp1_1, false),
  'RQ-172': noOption(Option.SecureProtocols, 0),
  'RQ-173': noOption(Option.SslErrorIgnoreFlags, 1, 10),
  'RQ-174': noOption(1000, 1),
  'RQ-177': noOption(Option.MaxAutomaticRedirects, 2),

  'RQ-178': [
    'POST and 301, 302: 0x80072EF3; 303 is not followed',
    async (t) => {
      for (const status of [301, 302, 303]) {
        const server = await t.serve((request, reply) =>
          reply.send(request.target === '/' ? { status, headers: { Location: '/target' } } : {}),
        );
        const request = await t.open(server.url(), 'POST');
        if (status === 303) await request.send('body');
        else await t.fails(() => request.send('body'), Code.INCORRECT_HANDLE_STATE);
        if (status === 303) assert.equal(await request.status, 303);
      }
    },
  ],

  'RQ-179': [
    '307: the body that is sent again is not the one that was given; 308 is not followed',
    async (t) => {
      const answer = (status: number) =>
        t.serve((request, reply) =>
          reply.send(request.target === '/' ? { status, headers: { Location: '/target' } } : {}),
        );
      const server = await answer(307);
      await t.fetch(server.url(), 'POST', 'body');
      assert.deepEqual(targetsOf(server.requests), ['POST /', 'POST /target']);
      assert.notEqual((await server.arrived(2)).body.toString(), 'body');
      const request = await t.fetch((await answer(308)).url(), 'POST', 'body');
      assert.equal(await request.status, 308);
    },
  ],

  'RQ-182': noOption(Option.SslErrorIgnoreFlags, 0x3300, 10),
  'RQ-183': noOption(Option.EnableHttpsToHttpRedirects, true),

  'RQ-188': [
    'SetProxy has no effect: the name of the target is looked up',
    async (t) => {
      const proxy = await t.serve();
      const request = await t.create();
      await request.setProxy(ProxySetting.PROXY, proxy.host);
      await request.open('GET', 'http://host.invalid/');
      await t.fails(() => request.send(), Code.NAME_NOT_RESOLVED);
      assert.equal(proxy.connections, 0);
    },
  ],

  'RQ-202': [
    'SetClientCertificate is not implemented (0x80004001)',
    async (t) => {
      const request = await t.open('https://127.0.0.1/');
      await t.fails(() => request.setClientCertificate('no such subject'), Code.NOT_IMPLEMENTED);
    },
  ],

  'RQ-229': probed('the object has no events (E_NOINTERFACE)', 'RQ-229', NO_INTERFACE),

  'RQ-214': noOption(Option.EscapePercentInURL, true),
  'RQ-215': noOption(Option.UrlEscapeDisable, true),
  'RQ-216': noOption(Option.UrlEscapeDisableQuery, true),
};
