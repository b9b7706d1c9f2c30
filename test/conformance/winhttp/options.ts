// Options: RQ-159 to RQ-174.
import assert from 'node:assert/strict';
import type { Answer } from '../../../lib/parity/http-server.ts';
import { type RequestContext, STATES } from './context.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';
import { WinHttpRequestOption as Option } from './subject.ts';
import { untrusted } from './tls.ts';

const redirect: Answer = (request, reply) =>
  request.target === '/'
    ? reply.send({ status: 302, phrase: 'Found', headers: { Location: '/target' }, body: 'elsewhere' })
    : reply.send({ body: 'here' });

const UNKNOWN = 1000;

export const options: StatementSection = {
  'RQ-159': async (t) => {
    const { request } = await t.stage('NEW');
    assert.equal(await request.getOption(Option.URLCodePage), 65001);
  },

  'RQ-160': async (t) => {
    const { request } = await t.stage('OPEN');
    await request.setOption(Option.URLCodePage, 0);
    assert.equal(await request.getOption(Option.URLCodePage), 0);
  },

  'RQ-161': async (t) => {
    const { request } = await t.stage('OPEN');
    await request.setOption(Option.URLCodePage, 1252);
    await request.setOption(Option.URLCodePage, 'utf-8');
    assert.equal(await request.getOption(Option.URLCodePage), 65001);
  },

  'RQ-162': async (t) => {
    const request = await t.create();
    await request.setOption(Option.URLCodePage, 1252);
    await request.open('GET', 'http://127.0.0.1/');
    assert.equal(await request.getOption(Option.URLCodePage), 1252);
  },

  'RQ-163': async (t) => {
    const { request } = await t.stage('OPEN');
    const value = await request.getOption(Option.UserAgentString);
    await t.assumed(() => assert.equal(value, 'Mozilla/4.0 (compatible; Win32; WinHttp.WinHttpRequest.5)'));
  },

  'RQ-164': async (t) => {
    const server = await t.serve();
    const request = await t.create();
    await request.setOption(Option.UserAgentString, 'before/1.0');
    await request.open('GET', server.url());
    await request.send();
    await request.open('GET', server.url());
    await request.setOption(Option.UserAgentString, 'after/1.0');
    await request.send();
    assert.deepEqual((await server.arrived(2)).values('User-Agent'), ['after/1.0']);
    const first = await server.arrived(1);
    await t.assumed(() => assert.deepEqual(first.values('User-Agent'), ['before/1.0']));
  },

  'RQ-165': async (t) => {
    const server = await t.serve(redirect);
    const request = await t.open(server.url());
    assert.equal(await request.getOption(Option.URL), server.url());
    await request.send();
    assert.equal(await request.getOption(Option.URL), server.url('/target'));
  },

  'RQ-166': async (t) => {
    const { request } = await t.stage('NEW');
    const { hresult } = await t.fails(() => request.getOption(Option.URL));
    await t.assumed(() => assert.equal(hresult, Code.CANNOT_CALL_BEFORE_OPEN));
  },

  'RQ-167': async (t) => {
    for (const state of STATES) {
      const { request } = await t.stage(state);
      const { hresult } = await t.fails(() => request.setOption(Option.URL, 'http://127.0.0.1/'));
      await t.assumed(() => assert.equal(hresult, Code.OPTION_NOT_SETTABLE));
    }
  },

  'RQ-168': async (t) => {
    const request = await t.create();
    const defaults = [
      [Option.EnableRedirects, true],
      [Option.RevertImpersonationOverSsl, true],
      [Option.EnableHttp1_1, true],
      [Option.EnableHttpsToHttpRedirects, false],
      [Option.EnablePassportAuthentication, false],
      [Option.SslErrorIgnoreFlags, 0],
      [Option.MaxAutomaticRedirects, 10],
      [Option.MaxResponseHeaderSize, 65536],
      [Option.MaxResponseDrainSize, 1048576],
    ] as const;
    for (const [option, value] of defaults)
      assert.deepEqual([option, await request.getOption(option)], [option, value]);
  },

  'RQ-169': async (t) => {
    const server = await t.serve(redirect);
    const request = await t.open(server.url());
    await request.setOption(Option.EnableRedirects, false);
    await request.send();
    assert.equal(await request.status, 302);
    assert.equal(await request.responseText, 'elsewhere');
    assert.equal(await request.getResponseHeader('Location'), '/target');
    assert.equal(server.requests.length, 1);
  },

  'RQ-170': async (t) => {
    const server = await t.serve(redirect);
    const request = await t.create();
    await request.setOption(Option.EnableRedirects, false);
    await request.open('GET', server.url());
    await request.send();
    assert.equal(await request.status, 302);
  },

  'RQ-171': async (t) => {
    const server = await t.serve((_request, reply) => {
      reply.send({ body: 'hello' });
      reply.end();
    });
    const request = await t.open(server.url());
    await request.setOption(Option.EnableHttp1_1, false);
    await request.send();
    assert.equal((await server.arrived()).version, 'HTTP/1.0');
    assert.equal(await request.responseText, 'hello');
  },

  'RQ-172': async (t) => {
    const server = await t.serve(undefined, { tls: untrusted() });
    const send = async (prepare: (request: Awaited<ReturnType<RequestContext['create']>>) => Promise<void>) => {
      const request = await t.open(server.url());
      await request.setOption(Option.SslErrorIgnoreFlags, 0x3300);
      await prepare(request);
      await request.send();
    };
    await send(async () => {});
    await t.fails(() => send((request) => request.setOption(Option.SecureProtocols, 0)));
  },

  'RQ-173': async (t) => {
    const { request } = await t.stage('OPEN');
    for (const flags of [1, 0x3301, 0x4000, 0x10000]) {
      await t.fails(() => request.setOption(Option.SslErrorIgnoreFlags, flags), Code.INVALID_ARGUMENT);
    }
    await request.setOption(Option.SslErrorIgnoreFlags, 0x3300);
    assert.equal(await request.getOption(Option.SslErrorIgnoreFlags), 0x3300);
  },

  'RQ-174': async (t) => {
    const { request } = await t.stage('OPEN');
    for (const call of [() => request.getOption(UNKNOWN), () => request.setOption(UNKNOWN, 1)]) {
      const { hresult } = await t.fails(call);
      await t.assumed(() => assert.equal(hresult, Code.INVALID_ARGUMENT));
    }
  },
};
