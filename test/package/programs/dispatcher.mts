// Compiled, never run: where ProxyDispatcher stands in programs with undici 6, 7 and 8, and with Node's own fetch.
import http from 'node:http';
import https from 'node:https';
import * as undici6 from 'undici6';
import * as undici7 from 'undici7';
import * as undici8 from 'undici8';
import { type Installation, install, ProxyAgent, ProxyDispatcher, fetch as winwireFetch } from 'winwire';

const url = 'https://example.org/';
const dispatcher = new ProxyDispatcher({ proxy: 'system' });
export const dispatchers: [undici6.Dispatcher, undici7.Dispatcher, undici8.Dispatcher] = [
  dispatcher,
  dispatcher,
  dispatcher,
];

undici6.setGlobalDispatcher(dispatcher);
undici7.setGlobalDispatcher(dispatcher);
undici8.setGlobalDispatcher(dispatcher);

export const retrying = [
  new undici6.RetryAgent(dispatcher),
  new undici7.RetryAgent(dispatcher),
  new undici8.RetryAgent(dispatcher),
];

const { interceptors: six } = undici6;
const { interceptors: seven } = undici7;
const { interceptors: eight } = undici8;
const redirects = { maxRedirections: 1 };
const composed = dispatcher
  .compose(six.retry(), six.redirect(redirects), six.dump(), six.dns(), six.responseError())
  .compose([seven.retry(), seven.redirect(redirects), seven.dump(), seven.dns(), seven.responseError()])
  .compose([seven.cache(), seven.decompress(), seven.deduplicate()])
  .compose([eight.retry(), eight.redirect(redirects), eight.dump(), eight.dns(), eight.responseError()])
  .compose([eight.cache(), eight.decompress(), eight.deduplicate()]);
export const composedDispatchers: typeof dispatchers = [composed, composed, composed];

export async function byUndici(): Promise<void> {
  await undici6.request(url, { dispatcher });
  await undici7.request(url, { dispatcher });
  await undici8.request(url, { dispatcher });
  await undici6.fetch(url, { dispatcher });
  await undici7.fetch(url, { dispatcher });
  await undici8.fetch(url, { dispatcher });
  await undici7.stream(url, { dispatcher, method: 'GET' }, () => process.stdout);
  undici8.pipeline(url, { dispatcher, method: 'POST' }, ({ body }) => body);
  await undici7.upgrade(url, { dispatcher });
  await undici7.connect(url, { dispatcher });
  new undici7.WebSocket(url, { dispatcher });
  new undici8.WebSocket(url, { dispatcher });
  new undici8.EventSource(url, { dispatcher });
  new undici8.Agent({ factory: () => dispatcher });
}

export async function byNode(): Promise<void> {
  await fetch(url, { dispatcher });
  await winwireFetch(url, { dispatcher });
  await winwireFetch(new Request(url));
}

export async function byItself(): Promise<[number, string | string[] | undefined, string]> {
  dispatcher.on('connect', (origin: URL, targets: readonly object[]) => void [origin, targets]);
  dispatcher.on('disconnect', (origin: URL, targets: readonly object[], error: Error) => void [origin, targets, error]);
  const { signal } = new AbortController();
  const { statusCode, headers, body } = await dispatcher.request({ origin: url, path: '/', method: 'GET', signal });
  await dispatcher.close();
  await dispatcher.destroy(new Error('why'));
  dispatcher.destroy(null, () => {});
  return [statusCode, headers.location, await body.text()];
}

export const agent: http.Agent & https.Agent = new ProxyAgent({ proxy: { pac: url }, maxSockets: 1 });
http.get({ agent });
https.get(url, { agent });

const installation: Installation = install({ fetch: true });
installation.uninstall();

// @ts-expect-error An agent is not a dispatcher.
undici7.setGlobalDispatcher(new ProxyAgent());
// @ts-expect-error Neither has undici's ProxyAgent these options.
new ProxyAgent({ uri: url });
// @ts-expect-error A misspelt option does not compile.
new ProxyDispatcher({ proxi: 'system' });
