/** Scenarios: redirects, errors of the network, abort, time-outs, waiting, credentials, cookies, events. */
import { EventEmitter } from 'node:events';
import { CredentialTarget, ProxySetting } from '../../winhttp/request/winhttp-types.ts';
import { WinHttpRequestOption } from '../../winhttp/request-option.ts';
import { type Answer, hello, silence } from '../http-server.ts';
import { winhttpScenarios } from '../scenario.ts';
import { turns, watch } from '../waiting.ts';
import type { WinHttpStage } from '../winhttp-stage.ts';

const redirecting =
  (status: number, location = '/target'): Answer =>
  (request, reply) =>
    reply.send(request.target === '/' ? { status, headers: { Location: location } } : { body: 'target' });

const redirect =
  (status: number, method: string, body?: string) =>
  async (t: WinHttpStage): Promise<void> => {
    const server = await t.serve(redirecting(status));
    const request = await t.open(server.url(), method);
    await t.attempt(() => request.send(body));
    await t.attempt(() => request.status);
    await t.attempt(() => request.responseText);
  };

export const redirectScenarios = winhttpScenarios('redirects', {
  ...Object.fromEntries(
    [301, 302, 303, 307, 308].flatMap((status) => [
      [`redirect-${status}-get`, [`${status} of a GET`, redirect(status, 'GET')]] as const,
      [`redirect-${status}-post`, [`${status} of a POST`, redirect(status, 'POST', 'body')]] as const,
    ]),
  ),
  'redirect-off': [
    'redirects that are not to be followed',
    async (t) => {
      const server = await t.serve(redirecting(302));
      const request = await t.open(server.url());
      await t.attempt(() => request.setOption(WinHttpRequestOption.EnableRedirects, false));
      await t.attempt(() => request.send());
      await t.attempt(() => request.status);
      await t.attempt(() => request.getResponseHeader('Location'));
    },
  ],
  'redirect-endless': [
    'a redirect to itself',
    async (t) => {
      const server = await t.serve((_request, reply) => reply.send({ status: 302, headers: { Location: '/' } }));
      const request = await t.open(server.url());
      await t.attempt(() => request.send());
    },
  ],
});

/** Sends these bytes as the response, then ends the connection. */
const cutOff =
  (bytes: string) =>
  async (t: WinHttpStage): Promise<void> => {
    const server = await t.serve((_request, reply) => {
      reply.write(bytes);
      reply.end();
    });
    const request = await t.open(server.url());
    await t.attempt(() => request.send());
    await t.attempt(() => request.status);
    await t.attempt(() => request.responseText);
  };

export const networkErrorScenarios = winhttpScenarios('errors of the network', {
  refused: [
    'a closed port',
    async (t) => {
      const request = await t.open(await t.refusingUrl());
      await t.attempt(() => request.send());
      await t.attempt(() => request.status);
    },
  ],
  'name-unknown': [
    'an unknown name',
    async (t) => {
      const request = await t.open('http://host.invalid/');
      await t.attempt(() => request.send());
    },
  ],
  'cut-in-body': ['the connection ends during the body', cutOff('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart')],
  'cut-in-head': ['the connection ends during the head', cutOff('HTTP/1.1 200 OK\r\nContent-Ty')],
  'cut-at-once': ['the connection ends without a byte', cutOff('')],
  'no-http': ['an answer that is not HTTP', cutOff('hello\r\n\r\n')],
  'body-until-end': ['a body that ends with the connection', cutOff('HTTP/1.1 200 OK\r\n\r\nhello')],
  'header-too-long': [
    'a header of 70000 bytes',
    async (t) => {
      const server = await t.serve((_request, reply) => reply.send({ headers: { 'X-Long': 'x'.repeat(70_000) } }));
      const request = await t.open(server.url());
      await t.attempt(() => request.send());
      await t.attempt(() => request.status);
      await t.attempt(() => request.getResponseHeader('X-Long'));
    },
  ],
});

const aborts =
  (state: 'SENDING' | 'RECEIVING') =>
  async (t: WinHttpStage): Promise<void> => {
    const { request, pending } = await t.stage(state);
    await request.abort();
    await pending.end;
    await t.attempt(() => request.status);
    await t.attempt(() => request.responseText);
  };

export const abortScenarios = winhttpScenarios('abort', {
  'abort-new': [
    'Abort of an object that has done nothing',
    async (t) => {
      const request = await t.create();
      await request.abort();
      await t.attempt(() => request.send());
    },
  ],
  'abort-sending': ['Abort while the response is awaited', aborts('SENDING')],
  'abort-receiving': ['Abort during the body', aborts('RECEIVING')],
  'abort-done': [
    'Abort of a complete request leaves its response',
    async (t) => {
      const { request } = await t.stage('DONE');
      await request.abort();
      await t.attempt(() => request.status);
      await t.attempt(() => request.responseText);
    },
  ],
  'abort-closes': [
    'Abort closes the connection',
    async (t, observe) => {
      const { request, server, pending } = await t.stage('SENDING');
      await request.abort();
      await pending.end;
      // A whole request to another server gives the close time to arrive.
      await t.fetch((await t.serve()).url());
      await turns();
      observe('open connections', server.open);
    },
  ],
  'abort-then-again': [
    'the object serves another request after Abort',
    async (t) => {
      const { request, pending } = await t.stage('SENDING');
      await request.abort();
      await pending.end;
      const server = await t.serve();
      await request.open('GET', server.url());
      await t.attempt(() => request.send());
      await t.attempt(() => request.responseText);
    },
  ],
  'open-aborts': [
    'Open gives the pending request up',
    async (t) => {
      const { request, pending } = await t.stage('SENDING');
      const server = await t.serve((_request, reply) => reply.send({ status: 201, body: 'second' }));
      await request.open('GET', server.url());
      await pending.end;
      await t.attempt(() => request.send());
      await t.attempt(() => request.status);
    },
  ],
});

export const timeScenarios = winhttpScenarios('time-outs and waiting', {
  'timeout-receive': [
    'the receive time-out while the head is awaited',
    async (t) => {
      const server = await t.serve(silence);
      const request = await t.open(server.url());
      await request.setTimeouts(0, 60_000, 30_000, 200);
      const pending = watch(request.send());
      // Whichever comes first: an object without that time-out ends here.
      await t.attempt(() => request.waitForResponse(2));
      if (pending.settled === undefined) await request.abort();
      await pending.end;
    },
  ],
  'timeout-in-body': [
    'the receive time-out during the body',
    async (t) => {
      const server = await t.serve((_request, reply) => {
        reply.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart');
        return new Promise<void>(() => {});
      });
      const request = await t.open(server.url());
      await request.setTimeouts(0, 60_000, 30_000, 200);
      await t.attempt(() => request.send());
    },
  ],
  'timeout-values': [
    'which numbers SetTimeouts takes',
    async (t) => {
      const request = await t.open('http://127.0.0.1/');
      for (const value of [0, -1, -2, 1]) await t.attempt(() => request.setTimeouts(value, value, value, value));
    },
  ],
  'wait-pending': [
    'WaitForResponse of a pending request, then of a complete one',
    async (t) => {
      const { request, release, pending } = await t.stage('SENDING');
      await request.waitForResponse(0);
      await request.waitForResponse(0.2);
      const wait = watch(request.waitForResponse(-1));
      release();
      await wait.end;
      await pending.end;
      await request.waitForResponse(0);
    },
  ],
  'wait-early': [
    'WaitForResponse before Open, before Send, and of a failure',
    async (t) => {
      const request = await t.create();
      await t.attempt(() => request.waitForResponse(0));
      await request.open('GET', await t.refusingUrl());
      await t.attempt(() => request.waitForResponse(0));
      const send = watch(request.send());
      await t.attempt(() => request.waitForResponse(10));
      await send.end;
    },
  ],
});

const basic: Answer = (request, reply) => {
  if (request.header('Authorization') === undefined) {
    return reply.send({ status: 401, headers: { 'WWW-Authenticate': 'Basic realm="parity"' }, body: 'who?' });
  }
  return hello(request, reply);
};

export const sessionScenarios = winhttpScenarios('credentials, proxy, cookies', {
  'credentials-basic': [
    'Basic credentials are given when they are asked for',
    async (t) => {
      const server = await t.serve(basic);
      const request = await t.open(server.url());
      await request.setCredentials('user', 'password', CredentialTarget.FOR_SERVER);
      await t.attempt(() => request.send());
      await t.attempt(() => request.status);
    },
  ],
  'credentials-none': [
    'a challenge without credentials is the response',
    async (t) => {
      const server = await t.serve(basic);
      const request = await t.fetch(server.url());
      await t.attempt(() => request.status);
      await t.attempt(() => request.responseText);
    },
  ],
  'credentials-wrong-call': [
    'SetCredentials with an unknown target and without a name',
    async (t) => {
      const request = await t.open('http://127.0.0.1/');
      await t.attempt(() => request.setCredentials('user', 'password', 2));
      await t.attempt(() => request.setCredentials(undefined, 'password', 0));
    },
  ],
  'proxy-named': [
    'a request by way of a proxy',
    async (t) => {
      const proxy = await t.serve();
      const request = await t.create();
      await t.attempt(() => request.setProxy(ProxySetting.PROXY, proxy.host));
      await request.open('GET', 'http://host.invalid/path');
      await t.attempt(() => request.send());
      await t.attempt(() => request.status);
    },
  ],
  'proxy-wrong-call': [
    'SetProxy with an unknown setting',
    async (t) => {
      const request = await t.create();
      for (const setting of [3, -1]) await t.attempt(() => request.setProxy(setting, 'proxy:8080'));
    },
  ],
  cookies: [
    'a cookie comes back with the next request of the object',
    async (t) => {
      const server = await t.serve((_request, reply) =>
        reply.send({ headers: { 'Set-Cookie': 'name=value; path=/' }, body: 'hello' }),
      );
      const request = await t.fetch(server.url());
      await request.open('GET', server.url('/again'));
      await t.attempt(() => request.send());
    },
  ],
});

/** Records all events of an object. */
async function told(t: WinHttpStage, url: string): Promise<void> {
  const request = await t.open(url);
  if (request instanceof EventEmitter) {
    for (const event of ['responseStart', 'responseDataAvailable', 'responseFinished', 'error']) {
      request.on(event, () => {});
    }
  }
  await t.attempt(() => request.send());
  await turns();
}

export const eventScenarios = winhttpScenarios('events', {
  'events-complete': ['the events of a complete response', async (t) => told(t, (await t.serve()).url())],
  'events-empty': [
    'of a response without a body',
    async (t) => told(t, (await t.serve((_request, reply) => reply.send({ status: 204 }))).url()),
  ],
  'events-refused': ['of a refused request', async (t) => told(t, await t.refusingUrl())],
});
