/** `install()`: the process's own fetch, http and https go through the machine's proxies. */
import type https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { debuglog } from 'node:util';
import type { ProxyAgentOptions } from '../agent/agent-options.ts';
import { ProxyAgent } from '../agent/proxy-agent.ts';
import { ProxyDispatcher } from '../dispatcher/proxy-dispatcher.ts';
import { rejectUnknown } from '../known-options.ts';
import { validateBoolean, validateObject } from '../options.ts';
import { NETWORK_OPTION_NAMES, type NetworkOptions } from '../tunnel/network-options.ts';
import { DISPATCHER_SYMBOLS, dispatcherAt, isDefault, setDispatcher, touchGlobals } from './global-dispatcher.ts';

/** Options of {@link install}. */
export interface InstallOptions extends NetworkOptions {
  /**
   * Whether fetch, undici and the global WebSocket go through the machine's proxies. By default they do, unless a program
   * has set a dispatcher or Node's own proxy support is on (NODE_USE_ENV_PROXY); `true` replaces these too.
   */
  readonly fetch?: boolean | undefined;
  /** The same for `http.request` and `https.request` without an agent, that is, the global agents. */
  readonly http?: boolean | undefined;
}

/** What `install()` has replaced. */
export interface Installation extends Disposable {
  /** Whether fetch, undici and the global WebSocket go through the machine's proxies by it. */
  readonly fetch: boolean;
  /** Whether `http.request` and `https.request` do. */
  readonly http: boolean;
  /** Puts back what stood there before, except where something else stands now. Later calls do nothing. */
  uninstall(): void;
}

const log = debuglog('winwire');

/** One place that was replaced. */
interface Place {
  get(): unknown;
  set(value: unknown): void;
}

/** What a value of ours has replaced, for all copies of winwire in a process. */
interface Replacement {
  readonly previous: unknown;
  isActive: boolean;
}

const REPLACEMENTS = Symbol.for('winwire.replacements');

type Marked = { [REPLACEMENTS]?: Map<string, Replacement> };

const replacementOf = (value: unknown, name: string): Replacement | undefined =>
  (value as Marked | undefined)?.[REPLACEMENTS]?.get(name);

/** A copy of winwire has put it there, and not taken it away. */
const isWinwires = (value: unknown): boolean => typeof value === 'object' && value !== null && REPLACEMENTS in value;

class Replaced {
  readonly #name: string;
  readonly #place: Place;
  readonly #ours: object;
  readonly #replacement: Replacement;

  constructor(name: string, place: Place, ours: object) {
    this.#name = name;
    this.#place = place;
    this.#ours = ours;
    this.#replacement = { previous: place.get(), isActive: true };
    const marked = ours as Marked;
    if (!marked[REPLACEMENTS]) Object.defineProperty(ours, REPLACEMENTS, { value: new Map() });
    marked[REPLACEMENTS]?.set(name, this.#replacement);
    place.set(ours);
  }

  restore(): void {
    this.#replacement.isActive = false;
    if (this.#place.get() !== this.#ours) return;
    let { previous } = this.#replacement;
    // Another installation that this one replaced may have ended since.
    for (
      let old = replacementOf(previous, this.#name);
      old && !old.isActive;
      old = replacementOf(previous, this.#name)
    ) {
      previous = old.previous;
    }
    this.#place.set(previous);
  }
}

const KNOWN = {
  names: [...NETWORK_OPTION_NAMES, 'replayLimit', 'fetch', 'http'],
  example: "{ proxy: 'system' }",
};

/**
 * Lets the whole program go where the machine's settings say: fetch, every undici that reads the global dispatcher, the
 * global WebSocket, and `http.request` and `https.request` without an agent, with the clients that are built on them.
 *
 * Installing twice is harmless. Source: undici, "setGlobalDispatcher"; Node.js, "http.globalAgent".
 *
 * @throws {TypeError}, {RangeError} for an unknown or invalid option; nothing has changed then.
 */
export function install(options?: InstallOptions): Installation {
  const { fetch, http: forHttp, ...network } = validateObject(options, 'options');
  rejectUnknown(validateObject(options, 'options'), 'options', KNOWN);
  const takesFetch = choose('fetch', fetch, otherDispatcher);
  const takesHttp = choose('http', forHttp, () => undefined);
  const replaced: Replaced[] = [];
  const dispatcher = takesFetch ? new ProxyDispatcher(network) : undefined;
  if (takesHttp) replaced.push(...replaceAgents(network));
  if (dispatcher) replaced.push(...replaceDispatchers(dispatcher));
  // The program may have closed it.
  return new Installed(takesFetch, takesHttp, replaced, () => void dispatcher?.close().catch(() => {}));
}

class Installed implements Installation {
  readonly fetch: boolean;
  readonly http: boolean;
  #replaced: readonly Replaced[];
  readonly #onEnd: () => void;

  constructor(takesFetch: boolean, takesHttp: boolean, replaced: readonly Replaced[], onEnd: () => void) {
    this.fetch = takesFetch;
    this.http = takesHttp;
    this.#replaced = replaced;
    this.#onEnd = onEnd;
  }

  uninstall(): void {
    const replaced = this.#replaced;
    this.#replaced = [];
    for (const one of replaced) one.restore();
    if (replaced.length === 0) return;
    if (this.http) syncBuiltinESMExports();
    this.#onEnd();
  }

  [Symbol.dispose](): void {
    this.uninstall();
  }
}

/** Returns whether to replace; `other` names what stands there and is not Node's default. */
function choose(name: string, given: unknown, other: () => string | undefined): boolean {
  const isWanted = given === undefined ? undefined : validateBoolean(given, name);
  if (isWanted !== undefined) return isWanted;
  const reason = usesNodesProxy() ? 'NODE_USE_ENV_PROXY or --use-env-proxy is set' : other();
  if (reason === undefined) return true;
  log('install() leaves %s: %s. install({ %s: true }) replaces it.', name, reason, name);
  return false;
}

/** Node's own proxies, of 22.21 and 24.5 on. */
function usesNodesProxy(): boolean {
  if (process.env.NODE_USE_ENV_PROXY === '1' || process.execArgv.includes('--use-env-proxy')) return true;
  // NODE_OPTIONS can have the flag, too.
  const { options } = process.getBuiltinModule('node:http').globalAgent as { options?: { proxyEnv?: unknown } };
  return Boolean(options?.proxyEnv);
}

function otherDispatcher(): string | undefined {
  if ('bun' in process.versions || 'deno' in process.versions) return "this runtime's fetch takes no dispatcher";
  touchGlobals();
  const other = DISPATCHER_SYMBOLS.map(dispatcherAt).find(
    (value) => value !== undefined && !isWinwires(value) && !isDefault(value),
  );
  return other === undefined ? undefined : `another dispatcher (${(other as object).constructor?.name}) is set`;
}

function replaceDispatchers(dispatcher: ProxyDispatcher): Replaced[] {
  touchGlobals();
  return DISPATCHER_SYMBOLS.map((symbol) => {
    const place = { get: () => dispatcherAt(symbol), set: (value: unknown) => setDispatcher(symbol, value) };
    return new Replaced(String(symbol.description), place, dispatcher);
  });
}

/** For a request with `agent: false`, node:http makes an agent by the constructor of the global one, without options. */
function agentClass(network: object): typeof ProxyAgent {
  const InstalledAgent = class extends ProxyAgent {
    constructor(options?: ProxyAgentOptions) {
      super({ ...network, ...options });
    }
  };
  Object.defineProperty(InstalledAgent, 'name', { value: 'ProxyAgent' });
  return InstalledAgent;
}

function replaceAgents(options: object): Replaced[] {
  const modules = [
    ['http', process.getBuiltinModule('node:http'), 'http:'],
    ['https', process.getBuiltinModule('node:https'), 'https:'],
  ] as const;
  const replaced = modules.map(([name, module, protocol]) => {
    const place = {
      get: () => module.globalAgent,
      set: (value: unknown) => (module.globalAgent = value as https.Agent),
    };
    // The agent of http is not that of https: node:http rejects an agent of another protocol.
    const agent = new (agentClass(options))({ keepAlive: true, scheduling: 'lifo', timeout: 5000 });
    return new Replaced(name, place, Object.assign(agent, { protocol }));
  });
  syncBuiltinESMExports();
  return replaced;
}
