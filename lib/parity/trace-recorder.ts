/** Records the steps of a run, and replaces values that differ in every run by names. */
import { createHash, type Hash } from 'node:crypto';
import type { StepOutcome, TraceStep, TraceValue } from './trace.ts';

/** Maximum number of recorded steps; later ones are compared by their digest. */
const MAX_STEPS = 2000;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A step without an outcome yet. */
type OpenStep = Mutable<TraceStep>;

/** The subject does not implement a function or member. */
export class NotOfferedError extends Error {
  readonly code = 'ERR_NOT_OFFERED';
  readonly member: string;

  constructor(member: string) {
    super(`the subject offers no ${member}`);
    this.member = member;
  }
}

/** Records one run. */
export class TraceRecorder {
  readonly #steps: OpenStep[] = [];
  readonly #names = new Map<unknown, string>();
  readonly #counts = new Map<string, number>();
  readonly #addresses = new Map<string, string>();
  #rest: { count: number; digest: Hash } | undefined;
  #stopped = false;
  /** The first function or member that the subject does not implement. */
  notOffered: string | undefined;

  /** Ends the trace; later steps are ignored. */
  stop(): void {
    this.#stopped = true;
  }

  /** Adds a complete step. */
  add(step: TraceStep): void {
    if (this.#stopped) return;
    if (this.#steps.length < MAX_STEPS) {
      this.#steps.push(step);
      return;
    }
    this.#rest ??= { count: 0, digest: createHash('sha256') };
    this.#rest.count += 1;
    this.#rest.digest.update(JSON.stringify([step.kind, step.actor, step.name, step.args, compared(step.outcome)]));
  }

  /** Adds a step; call the returned function with its outcome. */
  begin(step: Omit<TraceStep, 'outcome'>): (outcome: StepOutcome) => void {
    const open: OpenStep = { ...step, outcome: { status: 'pending' } };
    this.add(open);
    return (outcome) => {
      if (!this.#stopped) open.outcome = outcome;
    };
  }

  /** Returns the name of a thing by identity: its kind, and a number from the second of a kind on. */
  nameOf(thing: unknown, kind: string): string {
    const known = this.#names.get(thing);
    return known ?? this.rename(thing, kind);
  }

  /** Gives a thing a new name. */
  rename(thing: unknown, kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = count === 1 ? kind : `${kind} ${count}`;
    this.#names.set(thing, name);
    return name;
  }

  /** Returns the name of a thing if it has one. */
  knownName(thing: unknown): string | undefined {
    return this.#names.get(thing);
  }

  /** Replaces this text by a name everywhere, because it differs from run to run. */
  substitute(text: string, name: string): void {
    this.#addresses.set(text, name);
  }

  /** Returns a text without values that differ from run to run: ports, random keys, answers to challenges. */
  stable(text: string): string {
    let result = text.replaceAll(/\b(c?nonce|response)="[^"]*"/g, '$1="<$1>"');
    for (const [address, name] of this.#addresses) result = result.replaceAll(address, name);
    return result;
  }

  /** Returns the steps so far, and the end of the script as the last one. */
  finish(end: StepOutcome): TraceStep[] {
    this.#stopped = true;
    const args: Record<string, TraceValue> = {};
    if (this.#rest !== undefined) {
      args.furtherSteps = this.#rest.count;
      args.digest = this.#rest.digest.digest('hex').slice(0, 16);
    }
    return [...this.#steps, { kind: 'end', actor: 'script', name: 'end', args, outcome: end }];
  }
}

/** Returns the failure of a call for a trace. */
export function failureOf(error: unknown, stable: (text: string) => string = String): StepOutcome {
  if (!(error instanceof Error)) return { status: 'failed', code: typeof error, message: stable(String(error)) };
  const { code, hresult } = error as { code?: unknown; hresult?: unknown };
  return {
    status: 'failed',
    code: typeof code === 'string' ? code : error.name,
    ...(typeof hresult === 'number' ? { hresult: hresult >>> 0 } : {}),
    message: stable(error.message),
  };
}

/** Returns an outcome without the fields that are not compared. */
export function compared(outcome: StepOutcome): StepOutcome | object {
  if (outcome.status !== 'failed') return outcome;
  return { status: outcome.status, code: outcome.hresult ?? outcome.code };
}
