/** The tools of a proxy scenario's script. */
import type { ProxySource } from '../proxy/types.ts';
import { type Answer, ScriptedServer } from './http-server.ts';
import { responseBytes } from './http-wire.ts';

/** How a PAC script is served; default: as UTF-8, with its media type. */
export interface Serving {
  /** The Content-Type; an empty one is not sent. */
  readonly type?: string;
  readonly encoding?: BufferEncoding;
  readonly status?: number;
  /** Number of redirects before the script. */
  readonly redirects?: number;
  /** Closes the connection before the script is complete. */
  readonly cut?: boolean;
  /** Bytes of blanks after the script. */
  readonly padding?: number;
}

/** A PAC script, or a proxy with its bypass list. */
export type ProxyQuery = Exclude<ProxySource, string>;

/** The environment of a stage. */
export interface ProxyStageSetting {
  /** Calls the subject; returns the routes as a script writes them. */
  resolve(url: string, from: ProxyQuery, signal: AbortSignal): Promise<string[]>;
  /** Called with the URL of every script that is served. */
  onScript?(url: string, script: string, serving: Serving): void;
}

/** Number of scripts so far: each has a different URL, because implementations keep scripts and answers by URL. */
let scripts = 0;

/** The subject's resolver, and servers of this machine, which are closed when the script ends. */
export class ProxyStage implements AsyncDisposable {
  readonly #setting: ProxyStageSetting;
  readonly #servers: ScriptedServer[] = [];
  readonly #end = new AbortController();

  constructor(setting: ProxyStageSetting) {
    this.#setting = setting;
  }

  /** Serves a PAC script; returns its URL. */
  async serve(script: string, serving: Serving = {}): Promise<string> {
    scripts += 1;
    const path = `/${scripts}.pac`;
    const server = await ScriptedServer.start(answerOf(path, script, serving));
    this.#servers.push(server);
    this.#setting.onScript?.(server.url(path), script, serving);
    return server.url(path);
  }

  /** Resolves the proxies of a URL; returns the routes as a script writes them. */
  async resolve(url: string, from: ProxyQuery): Promise<string[]> {
    return this.#setting.resolve(url, from, this.#end.signal);
  }

  /** Makes a call whose failure does not end the script; the trace contains it. */
  async attempt(call: () => Promise<unknown>): Promise<void> {
    await call().catch(() => {});
  }

  /** Aborts pending look-ups and closes the servers. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    for (const server of this.#servers.splice(0)) await server[Symbol.asyncDispose]();
  }
}

const PAC_TYPE = 'application/x-ns-proxy-autoconfig';

function answerOf(path: string, script: string, serving: Serving): Answer {
  const { type = PAC_TYPE, encoding = 'utf8', status = 200, redirects = 0, cut = false, padding = 0 } = serving;
  const body = Buffer.concat([Buffer.from(script, encoding), Buffer.alloc(padding, ' ')]);
  const response = responseBytes({ status, body, headers: type === '' ? {} : { 'Content-Type': type } });
  return ({ target }, reply) => {
    const hops = Number(target.split('?')[1] ?? 0);
    if (hops < redirects) return reply.send({ status: 302, headers: { Location: `${path}?${hops + 1}` } });
    if (!cut) return reply.write(response);
    reply.write(response.subarray(0, -body.length / 2));
    reply.end();
  };
}
