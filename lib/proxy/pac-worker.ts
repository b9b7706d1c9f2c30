/**
 * The worker of a PAC engine: runs scripts in QuickJS. The build bundles this file and its imports into one text, which
 * works in any bundle; it has no access to files, the network or the program's environment.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { JSException, type JSValueHandle, QuickJS } from 'quickjs-wasi';
import { bytes } from 'quickjs-wasi/quickjs.wasm';
import { pacHelpers } from './pac-helpers.ts';
import {
  PAC_LIMITS,
  type PacOutcome,
  type PacQuestion,
  type PacReport,
  type PacRun,
  TOO_SLOW,
} from './pac-protocol.ts';
import { figuresOfThisThread, processorWait } from './processor-wait.ts';

/** Ends a run that needs an answer. If the script catches it, the result is dropped anyway. */
class Unanswered extends Error {}

// The types of Node.js do not have it.
declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => object };
// Compiled once for all workers.
const wasm: object = workerData ?? new WebAssembly.Module(bytes());

/** The current run. */
let run: PacRun;
let question: PacQuestion | undefined;
let deadline = 0;

const figures = figuresOfThisThread();
/** At the start of the run. */
let waitedBefore = 0;

/** Returns the milliseconds since a time for which this thread did not wait for a processor. */
const timeSince = (start: number) =>
  performance.now() - start - Math.min(processorWait(figures) - waitedBefore, PAC_LIMITS.wait);
const isTooSlow = () => performance.now() > deadline && timeSince(deadline) > 0;

function answerTo(asked: PacQuestion): string | null {
  const answer = run.answers[asked];
  if (answer !== undefined) return answer;
  if (Object.keys(run.answers).length >= PAC_LIMITS.names) return null;
  question ??= asked;
  throw new Unanswered('the answer is not known yet');
}

const helpers = pacHelpers({
  resolve: (host) => answerTo(`host ${host.toLowerCase()}`),
  ownAddress: () => answerTo('own') ?? '127.0.0.1',
  now: () => new Date(),
});

/** A script in a virtual machine, which keeps its global variables between look-ups as in a browser. */
class Script {
  readonly #vm: QuickJS;
  readonly #toText: JSValueHandle;
  #find: JSValueHandle | undefined;

  private constructor(vm: QuickJS) {
    this.#vm = vm;
    // Before the script can replace it.
    this.#toText = vm.global.getProp('String');
    for (const [name, helper] of Object.entries(helpers)) {
      const called = (...args: JSValueHandle[]) => vm.hostToHandle(helper(...args.map((arg) => this.#argument(arg))));
      vm.newFunction(name, called).consume((handle) => vm.setProp(vm.global, name, handle));
    }
  }

  static async create(): Promise<Script> {
    const interruptHandler = () => question !== undefined || isTooSlow();
    return new Script(await QuickJS.create({ wasm, memoryLimit: PAC_LIMITS.memory, interruptHandler }));
  }

  /** @throws {Error} of the script. */
  load(text: string): boolean {
    this.#vm.evalCode(text, 'proxy.pac').dispose();
    this.#find = this.#vm.global.getProp('FindProxyForURL');
    return this.#vm.typeof(this.#find) === 'function';
  }

  /** @throws {Error} of the script. */
  find(url: string, host: string): PacOutcome {
    const vm = this.#vm;
    // Disposes of what is created here and in the helpers.
    return vm.withScope(() => {
      const result = vm.callFunction(this.#find ?? vm.undefined, vm.undefined, vm.newString(url), vm.newString(host));
      const type = result.isNull ? 'null' : vm.typeof(result);
      if (type !== 'string') return { kind: 'failed', message: `FindProxyForURL returned ${type}, not a string` };
      return { kind: 'answer', text: this.#text(result, PAC_LIMITS.memory).slice(0, PAC_LIMITS.answer + 1) };
    });
  }

  /** Objects become text inside the virtual machine: a copy of one could be larger than the memory of this thread. */
  #argument(handle: JSValueHandle): unknown {
    const type = this.#vm.typeof(handle);
    if (type === 'string') return this.#text(handle, PAC_LIMITS.argument);
    if (handle.isNull || !['object', 'function', 'symbol'].includes(type)) return this.#vm.dump(handle);
    return this.#text(this.#vm.callFunction(this.#toText, this.#vm.undefined, handle), PAC_LIMITS.argument);
  }

  #text(handle: JSValueHandle, limit: number): string {
    const length = handle.getProp('length').consume((each) => each.toNumber());
    if (length > limit) throw new Error(`a string has more than ${limit} characters`);
    return handle.toString();
  }

  dispose(): void {
    this.#vm.dispose();
  }
}

/** Number of cached scripts. */
const MAX_SCRIPTS = 4;
const scripts = new Map<string, Script>();

async function createScript(text: string): Promise<Script | PacOutcome> {
  const script = await Script.create();
  report({ kind: 'loading' });
  deadline = performance.now() + run.loadTime;
  try {
    if (script.load(text)) return script;
    script.dispose();
    return { kind: 'bad-script', message: 'it has no function FindProxyForURL' };
  } catch (error) {
    const message = messageOf(error);
    script.dispose();
    return { kind: 'bad-script', message };
  }
}

/** An error that is not disposed of keeps its memory in the virtual machine. */
function messageOf(error: unknown): string {
  if (error instanceof JSException) error.dispose();
  if (isTooSlow()) return TOO_SLOW;
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}

async function scriptOf({ key, script }: PacRun): Promise<Script | PacOutcome> {
  const known = scripts.get(key);
  if (known) return known;
  if (script === undefined) return { kind: 'unknown-script' };
  const created = await createScript(script);
  if (!(created instanceof Script)) return created;
  report({ kind: 'loaded' });
  scripts.set(key, created);
  for (const [oldest] of scripts) if (scripts.size > MAX_SCRIPTS) drop(oldest);
  return created;
}

function drop(key: string): void {
  scripts.get(key)?.dispose();
  scripts.delete(key);
}

async function perform(): Promise<PacOutcome> {
  const script = await scriptOf(run);
  if (!(script instanceof Script)) return script;
  deadline = performance.now() + run.time;
  try {
    return script.find(run.url, run.host);
  } catch (error) {
    const message = messageOf(error);
    // A virtual machine that was interrupted or ran out of memory is not reused.
    if (!question) drop(run.key);
    return { kind: 'failed', message, isTooSlow: isTooSlow() };
  }
}

function report(message: PacReport | PacOutcome): void {
  parentPort?.postMessage(message);
}

async function answer(message: PacRun): Promise<void> {
  run = message;
  question = undefined;
  waitedBefore = processorWait(figures);
  const start = performance.now();
  const outcome = await perform();
  report(question === undefined ? outcome : { kind: 'question', question, time: timeSince(start) });
}

/** Compiles what each script needs, so that it does not count as the time of the first one. */
async function warmUp(): Promise<void> {
  run = { key: '', url: '', host: '', answers: {}, loadTime: 0, time: 0 };
  deadline = Number.POSITIVE_INFINITY;
  const script = await Script.create();
  script.load('function FindProxyForURL(url, host) { return dnsDomainIs(host, ".example") ? "PROXY a:1" : "DIRECT" }');
  script.find('http://a.example/', 'a.example');
  script.dispose();
}

warmUp().then(() => {
  parentPort?.on('message', answer);
  report({ kind: 'ready', wasm, figures });
});
