import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import {
  createForwarder,
  fetch,
  install,
  ProxyAgent,
  ProxyDispatcher,
  resolveProxy,
  WebSocket,
  WebSocketConnection,
  WebSocketServer,
  WinHttpRequest,
} from '../lib/index.ts';
import { shownText, shownUrl } from '../lib/shown-text.ts';

test.each([
  ['http://user:secret@proxy.example:8080', 'http://proxy.example:8080'],
  ['http=http://user:secret@proxy.example', '***@proxy.example'],
  ['user:secret@proxy.example', '***@proxy.example'],
  ['http://user:se/cr?et@proxy.example/a?b#c', 'http://proxy.example/a'],
  ['one two:secret@x', '***@x'],
  ['a.example/path?key=secret', 'a.example/path'],
  ['GET', 'GET'],
  ['why?', 'why?'],
  ['', ''],
])('shows the text %o as %o', (text, shown) => {
  expect(shownText(text)).toBe(shown);
});

test.each([
  ['http://user:secret@a.example:81/b/@c?d#e', 'http://a.example:81/b/@c'],
  [`https://${'a'.repeat(60)}.example/${'b'.repeat(200)}?c`, `https://${'a'.repeat(60)}.example/${'b'.repeat(200)}`],
  ['file:///home/a@b/proxy.pac?c', 'file:///home/a@b/proxy.pac'],
  ['data:text/plain,secret', 'data:'],
  ['user:secret@host', '***@host'],
  ['http://user:secret/x@host', 'http://host'],
  ['//user:secret@host/', '***@host/'],
])('shows the URL %o as %o', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});

test('shows a limited number of characters', () => {
  expect(shownText('x'.repeat(100))).toBe(`${'x'.repeat(80)}…`);
  expect(shownText('x'.repeat(100), 3)).toBe('xxx…');
  expect(shownUrl('x'.repeat(100)).length).toBe(81);
});

const SECRET = 'hunter2';
const MISPLACED = [
  `http://user:${SECRET}@proxy.example:8080`,
  `user:${SECRET}@proxy.example:8080`,
  `socks5://user:${SECRET}@proxy.example`,
  `http=http://user:${SECRET}@one.example;https=two.example`,
  `http://user:${SECRET}/@proxy.example`,
  `//user:${SECRET}@proxy.example`,
  `http://a.example/?key=${SECRET}`,
];
const script = (answer: string) => `data:,${encodeURIComponent(`function FindProxyForURL() { ${answer} }`)}`;
const request = (options: object) => WinHttpRequest.request('http://a.example/', { backend: 'portable', ...options });
const from = (value: unknown) => resolveProxy('http://a.example/', { from: value } as never);

/** Calls that take a text in a place where it is wrong. */
const CALLS: Record<string, (text: never) => unknown> = {
  'new ProxyAgent': (text) => new ProxyAgent(text),
  'new ProxyAgent, proxy': (text) => new ProxyAgent({ proxy: text }),
  'new ProxyAgent, an option': (text) => new ProxyAgent({ [text]: 1 }),
  'new ProxyDispatcher': (text) => new ProxyDispatcher(text),
  'new ProxyDispatcher, credentials': (text) => new ProxyDispatcher({ credentials: text }),
  'new ProxyDispatcher, proxyCredentials': (text) => new ProxyDispatcher({ proxyCredentials: text }),
  install: (text) => install(text),
  'install, proxy': (text) => install({ proxy: text }),
  'install, fetch': (text) => install({ fetch: text }),
  'fetch, proxy': (text) => fetch('http://a.example/', { proxy: text } as never),
  createForwarder: (text) => createForwarder(text),
  'createForwarder, upstream': (text) => createForwarder({ proxy: text }),
  'createForwarder, port': (text) => createForwarder({ port: text }),
  'resolveProxy, from': from,
  'resolveProxy, a script answers': (text) => from({ pac: script(`return ${JSON.stringify(`FOO ${text}`)}`) }),
  'resolveProxy, a script throws': (text: string) =>
    from({ pac: script(`throw new Error(${JSON.stringify(text.split('?')[0])})`) }),
  'connect, proxy': (text) => WebSocketConnection.connect('ws://a.example/', { proxy: text }),
  'connect, headers': (text) => WebSocketConnection.connect('ws://a.example/', { headers: text }),
  'new WebSocket, protocol': (text) => new WebSocket('ws://127.0.0.1:1/', text),
  'new WebSocketServer': (text) => new WebSocketServer(text),
  'request, method': (text) => request({ method: text }),
  'request, proxy': (text) => request({ proxy: text }),
  'request, credentials': (text) => request({ credentials: text }),
  'request, limits': (text) => request({ limits: text }),
};

test.each(Object.entries(CALLS))('%s: no error and no warning shows a password', async (_what, call) => {
  for (const text of MISPLACED) {
    const shown = await Promise.resolve(text)
      .then((each) => call(each as never))
      .then(
        (value) => inspect((value as { warnings?: unknown }).warnings, { depth: 5 }),
        (error: unknown) => inspect(error, { depth: 5, showHidden: true }),
      );
    expect(shown).not.toContain(SECRET);
  }
});
