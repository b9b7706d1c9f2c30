// Common mistakes: the text of the error alone says what was passed and what to do.
import { expect, test } from 'vitest';
import { WebSocket, WebSocketConnection, WebSocketServer, WinHttpRequest } from '../lib/index.ts';
import { compareSubjects } from '../lib/parity.ts';
import {
  BufferType,
  WebSocketAbortHandle,
  WebSocketBeginClientHandshake,
  WebSocketBeginServerHandshake,
  WebSocketCompleteAction,
  WebSocketCreateClientHandle,
  WebSocketCreateServerHandle,
  WebSocketEndClientHandshake,
  WebSocketGetAction,
  WebSocketGetGlobalProperty,
  WebSocketSend,
} from '../lib/sys.ts';

const backend = 'portable';
const newHandle = () => WebSocketCreateClientHandle([], { backend });
const begun = () => {
  const handle = newHandle();
  WebSocketBeginClientHandshake(handle, ['one']);
  return handle;
};
const object = () => WinHttpRequest.create({ backend });
const connect = (options: object, url = 'ws://127.0.0.1:1/') =>
  WebSocketConnection.connect(url, { backend, ...options });
// What only a program without types can pass.
const any = (value: unknown) => value as never;

const REQUEST_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const asked = (...fields: [string, string][]) =>
  [
    ['Host', 'a.test'],
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Key', REQUEST_KEY],
    ['Sec-WebSocket-Version', '13'],
    ...fields,
  ].map(([name = '', value = '']) => ({ name, value }));

test.each<[string, () => unknown, string | RegExp]>([
  [
    'connect without a scheme',
    () => connect({}, 'localhost:8080'),
    'such as ws://localhost:8080/. Received "localhost:8080"',
  ],
  [
    'limits.maxPayload',
    () => connect({ limits: { maxPayload: 5 } }),
    'Unknown option "limits.maxPayload". Use messageSize. Known options: messageSize, ',
  ],
  [
    'a sub-protocol that is not a token',
    () => connect({ subprotocols: ['a b', 'c'] }),
    '("a b": a sub-protocol is a token, without blanks',
  ],
  [
    'properties of a connection',
    () => connect({ properties: [{ type: 0, value: 1 }] }),
    '(properties: RECEIVE_BUFFER_SIZE: 1; buffers have at least 256 bytes)',
  ],
  [
    'WebSocketServer without a source',
    () => new WebSocketServer({}),
    'Pass exactly one of "server", "port" or "noServer". Received none of them.',
  ],
  [
    'WebSocketServer with an unknown backend',
    () => new WebSocketServer({ port: 0, backend: any('windows') }),
    `The "backend" argument must be 'system' or 'portable'. Received "windows".`,
  ],
  [
    'WebSocketServer with an impossible interval',
    () => new WebSocketServer({ port: 0, keepAlive: Number.NaN }),
    'The "keepAlive" argument must be a number from 1 to Infinity. Received NaN.',
  ],
  [
    'WebSocketServer with a header of two lines',
    () => new WebSocketServer({ port: 0, headers: { 'X-A': 'a\nb' } }),
    /headers/,
  ],
  [
    'compareSubjects with an unknown scenario',
    () => compareSubjects({ left: backend, right: backend, scenarios: ['close-by-nobody'] }),
    'The "scenario" argument must be the id of one of builtInScenarios. Received "close-by-nobody".',
  ],
  [
    'compareSubjects without scenarios',
    () => compareSubjects(any({ left: backend, right: backend })),
    'The "scenario" argument must be a scenario or the id of one. Received undefined.',
  ],
  [
    'WebSocketServer with two sources',
    () => new WebSocketServer({ port: 0, noServer: true }),
    'Received "port" and "noServer".',
  ],
  [
    'an app in place of a server',
    () => new WebSocketServer({ server: any(() => {}) }),
    'such as app.listen() returns. Received a function.',
  ],
  [
    'WebSocket without a scheme',
    () => new WebSocket('localhost:8080'),
    'Not a WebSocket URL: "localhost:8080"; pass a ws:, wss:, http: or https: URL, such as',
  ],
  [
    'WebSocket with a relative URL',
    () => new WebSocket('/chat?token=secret'),
    'Not an absolute URL: "/chat"; pass a ws:',
  ],
  [
    'open without a URL',
    async () => (await object()).open('GET', any(undefined)),
    '(the URL is missing: pass an absolute http: or https: URL, such as https://example.org/)',
  ],
  [
    'open without a method',
    async () => (await object()).open(null, 'http://a.test/'),
    '(the method is missing: pass "GET", "POST" or another)',
  ],
  [
    'open with a path',
    async () => (await object()).open('GET', '/path?token=secret'),
    '(received "/path"; pass an absolute http: or https: URL, such as',
  ],
  [
    'open with a host',
    async () => (await object()).open('GET', 'http://me:secret@a b/'),
    '(received "http://a b/"; pass an absolute',
  ],
  [
    'open with a URL object',
    async () => (await object()).open('GET', any(new URL('http://a.test/'))),
    'must be a string, such as url.href.',
  ],
  [
    'open with arguments swapped',
    async () => (await object()).open('http://a.test/', 'GET'),
    '(the method "http://a.test/" is not a token)',
  ],
  [
    'setOption misspelt',
    async () => (await object()).setOption(any('EnableRedirect'), false),
    'Unknown option "EnableRedirect". Use EnableRedirects. Known options: UserAgentString, ',
  ],
  ['setOption by a wrong number', async () => (await object()).setOption(99, false), '(there is no option 99)'],
  ['setOption of URL', async () => (await object()).setOption('URL', 'x'), '(URL is read-only: pass the URL to open)'],
  [
    'setOption with a wrong type',
    async () => (await object()).setOption('MaxAutomaticRedirects', 'many'),
    '(MaxAutomaticRedirects does not take "many")',
  ],
  [
    'setOption with a wrong value',
    async () => (await object()).setOption('SslErrorIgnoreFlags', 1),
    '(SslErrorIgnoreFlags does not take 1)',
  ],
  [
    'setProxy with a wrong setting',
    async () => (await object()).setProxy(5),
    '(the setting is 5; pass 0 or 1 (PRECONFIG, DIRECT) or 2 (PROXY))',
  ],
  [
    'setTimeouts below -1',
    async () => (await object()).setTimeouts(-5, 0, 0, 0),
    '(received -5, 0, 0, 0; pass milliseconds, 0 or -1 for no limit)',
  ],
  ['setAutoLogonPolicy', async () => (await object()).setAutoLogonPolicy(7), '(the policy is 7; pass 0 (Always)'],
  [
    'setClientCertificate of nothing',
    async () => (await object()).setClientCertificate(null),
    '("certificate" is missing)',
  ],
  [
    'create with a time-out',
    () => WinHttpRequest.create(any({ timeout: 5 })),
    'Unknown option "timeout". Use setTimeouts().',
  ],
  [
    'request of a host',
    () => WinHttpRequest.request('example.org', { backend }),
    '(received "example.org"; pass an absolute http:',
  ],
  [
    'request with a header name',
    () => WinHttpRequest.request('http://a.test/', { backend, headers: { 'a b': 'secret' } }),
    '(the name "a b" is not a token)',
  ],
  [
    'request with a header value',
    () => WinHttpRequest.request('http://a.test/', { backend, headers: { a: 'secret\u2603' } }),
    '(the value of "a" has a control character, or one above U+00FF)',
  ],
  [
    'request with an option',
    () => WinHttpRequest.request('http://a.test/', { backend, options: any({ MaxAutomaticRedirects: 'x' }) }),
    '(in options: {"MaxAutomaticRedirects":"x"})',
  ],
  [
    'request with a proxy as text',
    () => WinHttpRequest.request('http://a.test/', { backend, proxy: any('p:80') }),
    '{ pac } or { proxy, bypass }. Received "p:80".',
  ],
  [
    'request with credentials as text',
    () => WinHttpRequest.request('http://a.test/', { backend, credentials: any('me') }),
    'must be an object such as { userName, password }.',
  ],
  [
    'request with a number of time-outs',
    () => WinHttpRequest.request('http://a.test/', { backend, timeouts: any(5) }),
    'must be an object such as { connect: milliseconds }. Received 5.',
  ],
  [
    'request with a target of credentials',
    () =>
      WinHttpRequest.request('http://a.test/', {
        backend,
        credentials: { userName: 'a', password: 'secret', target: any(9) },
      }),
    'as target 0 (server) or 1 (proxy), not 9)',
  ],
  [
    'request with a setting of the proxy',
    () => WinHttpRequest.request('http://a.test/', { backend, proxy: { setting: any(9) } }),
    '(the setting is 9; ',
  ],
  [
    'request with a body that is an object',
    () => WinHttpRequest.request('http://a.test/', { backend, body: any({ a: 1 }) }),
    'a string (JSON.stringify an object), bytes',
  ],
  [
    'WebSocketSend before the handshake',
    () => WebSocketSend(newHandle(), BufferType.PING_PONG),
    '(the handshake has not begun: call WebSocketBeginClientHandshake and WebSocketEndClientHandshake first)',
  ],
  [
    'WebSocketSend within the handshake',
    () => WebSocketSend(begun(), BufferType.PING_PONG),
    '(the handshake has not ended: call WebSocketEndClientHandshake first)',
  ],
  [
    'WebSocketEndClientHandshake first',
    () => WebSocketEndClientHandshake(newHandle(), []),
    '(the handshake has not begun: call WebSocketBeginClientHandshake first)',
  ],
  ['two handshakes', () => WebSocketBeginClientHandshake(begun()), '(the handshake has begun already)'],
  [
    "the other side's function",
    () => WebSocketBeginServerHandshake(newHandle(), undefined, undefined, asked()),
    "(the handle is a client's: call WebSocketBeginClientHandshake and WebSocketEndClientHandshake)",
  ],
  [
    'WebSocketEndClientHandshake of a request',
    () => WebSocketEndClientHandshake(begun(), asked()),
    '(received Upgrade: "websocket", Connection: "Upgrade", Sec-WebSocket-Accept: missing)',
  ],
  [
    'a sub-protocol that was not offered',
    () =>
      WebSocketBeginServerHandshake(
        WebSocketCreateServerHandle([], { backend }),
        'two',
        undefined,
        asked(['Sec-WebSocket-Protocol', 'one']),
      ),
    '(the client offered "one"; chosen: "two")',
  ],
  [
    'another version',
    () =>
      WebSocketBeginServerHandshake(
        WebSocketCreateServerHandle([], { backend }),
        undefined,
        undefined,
        asked().map((field) => (field.value === '13' ? { ...field, value: '8' } : field)),
      ),
    '(the client asks for version "8"; 13 is supported)',
  ],
  [
    'a request that asks for no upgrade',
    () =>
      WebSocketBeginServerHandshake(
        WebSocketCreateServerHandle([], { backend }),
        undefined,
        undefined,
        asked().filter(({ name }) => name !== 'Upgrade'),
      ),
    '(received Host: "a.test", Upgrade: missing, ',
  ],
  [
    'an unknown queue',
    () => WebSocketGetAction(newHandle(), 9),
    '(queue is 9; pass ActionQueue.SEND (1), RECEIVE (2) or ALL (3))',
  ],
  [
    'an unknown property',
    () => WebSocketCreateClientHandle([{ type: 77, value: 1 }], { backend }),
    '(properties: 0x4d: 1; ',
  ],
  [
    'an unknown global property',
    () => WebSocketGetGlobalProperty(77, { backend }),
    '(type is 0x4d; the component has no such global property)',
  ],
  [
    'a context that is invalid',
    () => WebSocketCompleteAction(newHandle(), any({}), 0),
    'The action context was not returned by WebSocketGetAction.',
  ],
])('%s', async (_what, call, says) => {
  const outcome = await (async () => call())().then(
    () => undefined,
    (error: Error) => error.message,
  );
  expect(outcome).toMatch(typeof says === 'string' ? new RegExp(says.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : says);
  expect(outcome).not.toContain('secret');
});

test('what an open handle rejects', () => {
  const server = WebSocketCreateServerHandle([], { backend });
  const client = newHandle();
  const request = WebSocketBeginClientHandshake(client);
  const answer = WebSocketBeginServerHandshake(server, undefined, undefined, [
    { name: 'Host', value: 'a' },
    ...request,
  ]);
  WebSocketEndClientHandshake(client, answer);
  const rejects = (call: () => unknown, says: string) => expect(call).toThrow(says);
  rejects(() => WebSocketBeginClientHandshake(client), '(the handshake has ended already)');
  rejects(() => WebSocketSend(client, 7), '(bufferType is 7; pass a member of BufferType)');
  rejects(
    () => WebSocketSend(client, BufferType.PING_PONG, Buffer.from('x')),
    '(bufferType PING_PONG does not go with data of 1 bytes)',
  );
  rejects(
    () => WebSocketSend(client, BufferType.CLOSE, { status: 1000, reason: 'x'.repeat(124) }),
    '(a close takes a status of ',
  );
  WebSocketSend(client, BufferType.CLOSE, { status: 1000 });
  rejects(
    () => WebSocketSend(client, BufferType.CLOSE, { status: 1000 }),
    '(the handle is open, but a close was sent or received',
  );
  WebSocketAbortHandle(client);
  rejects(() => WebSocketSend(client, BufferType.PING_PONG), '(the handle was aborted)');
});

test('a send while another one is pending', async () => {
  const request = await object();
  await request.open('GET', 'http://127.0.0.1:1/');
  const first = request.send().catch(() => {});
  await expect(request.send()).rejects.toThrow('(a request is pending: await its send, or call abort())');
  await first;
});
