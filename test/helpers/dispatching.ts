// Dispatchers, servers and proxies that end with their test.
import { onTestFinished } from 'vitest';
import type { ProxyDispatcherOptions } from '../../lib/dispatcher/dispatcher-options.ts';
import { ProxyDispatcher } from '../../lib/dispatcher/proxy-dispatcher.ts';
import { type Behaviour, type Generation, Recording } from './dispatch-handlers.ts';
import { ForwardProxy } from './forward-proxy.ts';
import { HttpServer } from './http-server.ts';
import { type RawServer, startRaw } from './raw-peer.ts';

export function dispatcherWith(options: ProxyDispatcherOptions = { proxy: 'direct' }): ProxyDispatcher {
  const dispatcher = new ProxyDispatcher(options);
  onTestFinished(() => dispatcher.destroy());
  return dispatcher;
}

export async function startServer(secure?: Parameters<typeof HttpServer.start>[0]): Promise<HttpServer> {
  const server = await HttpServer.start(secure);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

export async function startProxy(...parameters: Parameters<typeof ForwardProxy.start>): Promise<ForwardProxy> {
  const proxy = await ForwardProxy.start(...parameters);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return proxy;
}

export async function startRawServer(answer: Parameters<typeof startRaw>[0]): Promise<RawServer> {
  const server = await startRaw(answer);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

export function send(
  dispatcher: ProxyDispatcher,
  url: string,
  generation: Generation,
  init: object = {},
  behaviour?: Behaviour,
) {
  const { origin, pathname, search } = new URL(url);
  const recording = new Recording(generation, behaviour);
  dispatcher.dispatch({ origin, path: pathname + search, method: 'GET', ...init }, recording.handler);
  return recording;
}
