/** The places where fetch and every undici look for the process's dispatcher. */

/** Of the first generation (undici 5 to 7, Node 20 to 24), and of the second (undici 7 and later, Node 26). */
export const DISPATCHER_SYMBOLS = [
  Symbol.for('undici.globalDispatcher.1'),
  Symbol.for('undici.globalDispatcher.2'),
] as const;

type Symbols = Record<symbol, unknown>;

export const dispatcherAt = (symbol: symbol): unknown => (globalThis as unknown as Symbols)[symbol];

/**
 * Has Node set its own dispatcher. It does so with the first use of fetch, and would set it over another one that was
 * put there and taken away before.
 */
export function touchGlobals(): void {
  void globalThis.Response;
}

// As undici defines it.
export function setDispatcher(symbol: symbol, value: unknown): void {
  Object.defineProperty(globalThis, symbol, { value, writable: true, enumerable: false, configurable: false });
}

/** Whether the dispatcher is one that no program has configured: Node's own, or the one that importing undici sets. */
export function isDefault(dispatcher: unknown): boolean {
  return isAgent(dispatcher) && (isNodesOwn(dispatcher) || isUnconfigured(dispatcher));
}

interface AgentLike {
  dispatch(options: object, handler: unknown): boolean;
}

/** Whether it is an undici Agent or its wrapper for the first generation; not a subclass, not one with interceptors. */
function isAgent(dispatcher: unknown): dispatcher is AgentLike {
  const prototype: object | null = dispatcher ? Object.getPrototypeOf(dispatcher) : null;
  const { name } = prototype?.constructor ?? {};
  if (prototype === null || (name !== 'Agent' && name !== WRAPPER)) return false;
  // A composed dispatcher is a Proxy that has another `dispatch` than its prototype.
  return (dispatcher as AgentLike).dispatch === (prototype as AgentLike).dispatch;
}

const WRAPPER = 'Dispatcher1Wrapper';

function isNodesOwn(agent: AgentLike): boolean {
  try {
    // An Agent rejects this before it does anything; the stack names the file of its class.
    agent.dispatch({}, null);
  } catch (error) {
    return String((error as Error).stack).includes('node:internal/deps/undici');
  }
  return false;
}

/** Whether the Agent of any copy of undici was made without options. */
function isUnconfigured(agent: AgentLike): boolean {
  const prototype: object = Object.getPrototypeOf(agent);
  if (prototype.constructor.name === WRAPPER) {
    // undici 8 sets it together with the dispatcher that it wraps.
    const wrapped = dispatcherAt(DISPATCHER_SYMBOLS[1]);
    return wrapped !== agent && isAgent(wrapped) && isUnconfigured(wrapped);
  }
  const isSubclass = Object.getPrototypeOf(prototype)?.constructor.name !== 'DispatcherBase';
  const options = memberOf(agent, 'options');
  const factory = memberOf(agent, 'factory') as { readonly name?: string } | undefined;
  if (isSubclass || factory?.name !== 'defaultFactory' || typeof options !== 'object' || options === null) return false;
  const all = { ...options, maxRedirections: memberOf(agent, 'maxRedirections') };
  return Object.entries(all).every(([name, value]) => value === undefined || value === DEFAULTS[name]);
}

/** What undici 6 and 7 keep where none is given. */
const DEFAULTS: Readonly<Record<string, unknown>> = { maxOrigins: Number.POSITIVE_INFINITY, maxRedirections: 0 };

/** The value of a private member of undici, which it names by a symbol of this description. */
function memberOf(agent: object, description: string): unknown {
  const symbol = Object.getOwnPropertySymbols(agent).find((one) => one.description === description);
  return symbol && (agent as Symbols)[symbol];
}
