// Proxy, credentials, policies, certificates: RQ-185 to RQ-202.
import assert from 'node:assert/strict';
import type { Answer } from '../../../lib/parity/http-server.ts';
import { NULL, type RequestContext } from './context.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';
import { AutoLogonPolicy, CredentialTarget, ProxySetting, WinHttpRequestOption } from './subject.ts';
import { untrusted } from './tls.ts';

const NONSENSE = 0xdeadbeef;
const READY = ['NEW', 'OPEN', 'DONE'] as const;

const BASIC = `Basic ${Buffer.from('user:password').toString('base64')}`;

/** Accepts Basic authentication. */
const basic: Answer = (request, reply) =>
  request.header('Authorization') === BASIC
    ? reply.send({ body: 'welcome' })
    : reply.send({ status: 401, headers: { 'WWW-Authenticate': 'Basic realm="test"' }, body: 'who are you?' });

const asProxy: Answer = (_request, reply) => reply.send({ body: 'by proxy' });

async function withEnvironment(values: Record<string, string>, run: () => Promise<void>): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, values);
  try {
    await run();
  } finally {
    for (const name of Object.keys(values)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

async function forEachReady(
  t: RequestContext,
  run: (request: Awaited<ReturnType<RequestContext['create']>>) => Promise<void>,
): Promise<void> {
  for (const state of READY) await run((await t.stage(state)).request);
}

export const proxyCredentials: StatementSection = {
  'RQ-185': (t) => forEachReady(t, (request) => request.setProxy(ProxySetting.DIRECT)),

  'RQ-186': async (t) => {
    const { request } = await t.stage('NEW');
    await request.setProxy(ProxySetting.PROXY);
  },

  'RQ-187': async (t) => {
    const { request } = await t.stage('OPEN');
    await t.fails(() => request.setProxy(NONSENSE as never), Code.INVALID_ARGUMENT);
  },

  'RQ-188': async (t) => {
    const proxy = await t.serve(asProxy);
    const request = await t.create();
    await request.setProxy(ProxySetting.PROXY, proxy.host);
    await request.open('GET', 'http://host.invalid/path?query');
    await request.send();
    assert.equal(await request.responseText, 'by proxy');
    const seen = await proxy.arrived();
    assert.equal(seen.target, 'http://host.invalid/path?query');
    assert.equal(seen.header('Host'), 'host.invalid');
  },

  'RQ-189': async (t) => {
    const proxy = await t.serve(asProxy);
    const server = await t.serve();
    for (const bypass of ['127.0.0.1', 'elsewhere.test;127.0.0.1', '127.*']) {
      const request = await t.create();
      await request.setProxy(ProxySetting.PROXY, proxy.host, bypass);
      await request.open('GET', server.url());
      await request.send();
      assert.equal(await request.responseText, 'hello');
    }
    assert.equal(proxy.connections, 0);
    assert.equal((await server.arrived()).target, '/');
  },

  'RQ-190': async (t) => {
    const proxy = await t.serve(asProxy);
    const { request, pending, release } = await t.stage('SENDING');
    await request.setProxy(ProxySetting.PROXY, proxy.host);
    release();
    await pending.end;
    assert.equal(await request.responseText, 'hello');
    assert.equal(proxy.connections, 0);
  },

  'RQ-191': async (t) => {
    const proxy = await t.serve(asProxy);
    const server = await t.serve();
    const url = proxy.url();
    await withEnvironment({ HTTP_PROXY: url, http_proxy: url, NO_PROXY: '', no_proxy: '' }, async () => {
      assert.equal(await (await t.fetch(server.url())).responseText, 'hello');
    });
    assert.equal(proxy.connections, 0);
  },

  'RQ-192': async (t) => {
    const { request } = await t.stage('NEW');
    const before = Code.CANNOT_CALL_BEFORE_OPEN;
    await t.fails(() => request.setCredentials(NULL, NULL, NONSENSE as never), before);
    await t.fails(() => request.setCredentials(NULL, 'password', CredentialTarget.FOR_SERVER), before);
    await t.fails(() => request.setCredentials('user', 'password', CredentialTarget.FOR_SERVER), before);
  },

  'RQ-193': async (t) => {
    const { request } = await t.stage('OPEN');
    await t.fails(() => request.setCredentials('user', 'password', NONSENSE as never), Code.INVALID_ARGUMENT);
  },

  'RQ-194': async (t) => {
    const { request } = await t.stage('OPEN');
    await t.fails(() => request.setCredentials(NULL, 'password', CredentialTarget.FOR_SERVER), Code.INVALID_ARGUMENT);
  },

  'RQ-195': async (t) => {
    const { request } = await t.stage('OPEN');
    await t.fails(() => request.setCredentials('user', NULL, CredentialTarget.FOR_SERVER), Code.INVALID_ARGUMENT);
  },

  'RQ-196': async (t) => {
    for (const state of ['OPEN', 'DONE'] as const) {
      const { request } = await t.stage(state);
      await request.setCredentials('user', 'password', CredentialTarget.FOR_SERVER);
    }
  },

  'RQ-197': async (t) => {
    const server = await t.serve(basic);
    const request = await t.open(server.url());
    await request.setCredentials('user', 'password', CredentialTarget.FOR_SERVER);
    await request.send();
    assert.equal(await request.status, 200);
    assert.equal(await request.responseText, 'welcome');
  },

  'RQ-198': async (t) => {
    const server = await t.serve(basic);
    const request = await t.open(server.url());
    await request.setCredentials('user', 'wrong', CredentialTarget.FOR_SERVER);
    await request.send();
    assert.equal(await request.status, 401);
    assert.equal(await request.responseText, 'who are you?');
  },

  'RQ-199': async (t) => {
    const server = await t.serve(basic);
    const request = await t.open(server.url());
    await request.setCredentials('user', 'password', CredentialTarget.FOR_SERVER);
    await request.send();
    assert.equal(await request.status, 200);
    const sent = server.requests.length;
    await request.open('GET', server.url());
    await request.send();
    assert.equal(await request.status, 401);
    assert.deepEqual((await server.arrived(sent + 1)).values('Authorization'), []);
    assert.equal(server.requests.length, sent + 1);
  },

  'RQ-200': (t) =>
    forEachReady(t, async (request) => {
      await request.setAutoLogonPolicy(AutoLogonPolicy.OnlyIfBypassProxy);
      await request.setAutoLogonPolicy(AutoLogonPolicy.Always);
      await request.setAutoLogonPolicy(AutoLogonPolicy.Never);
    }),

  'RQ-201': async (t) => {
    const { request } = await t.stage('NEW');
    await t.fails(() => request.setAutoLogonPolicy(NONSENSE as never), Code.INVALID_ARGUMENT);
  },

  'RQ-202': async (t) => {
    const server = await t.serve(undefined, { tls: untrusted() });
    const request = await t.open(server.url());
    await request.setOption(WinHttpRequestOption.SslErrorIgnoreFlags, 0x3300);
    await request.setClientCertificate('CURRENT_USER\\MY\\no such subject');
    await t.fails(() => request.send());
  },
};
