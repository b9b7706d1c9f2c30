/** Keeps the steps of a run, and gives names to what has another identity in every run. */
import { createHash, type Hash } from 'node:crypto';
import type { Outcome, TraceStep, TraceValue } from './trace.ts';

/** More steps than a person reads; what comes after them is compared by its digest. */
const MAX_STEPS = 2000;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A step whose outcome is not known yet. */
type OpenStep = Mutable<TraceStep>;

/** The subject offers no such function or member. */
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
  /** The first thing that was called and is not there. */
  notOffered: string | undefined;

  /** Nothing that happens from here on is part of the trace. */
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

  /** Adds a step that is under way; its outcome is told by the function that is returned. */
  begin(step: Omit<TraceStep, 'outcome'>): (outcome: Outcome) => void {
    const open: OpenStep = { ...step, outcome: { status: 'pending' } };
    this.add(open);
    return (outcome) => {
      if (!this.#stopped) open.outcome = outcome;
    };
  }

  /** The name of a thing by its identity: the `kind`, and from the second of a kind on its number. */
  nameOf(thing: unknown, kind: string): string {
    const known = this.#names.get(thing);
    return known ?? this.rename(thing, kind);
  }

  /** Gives a thing a new name, whatever it was called. */
  rename(thing: unknown, kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = count === 1 ? kind : `${kind} ${count}`;
    this.#names.set(thing, name);
    return name;
  }

  /** The name that a thing was given, if it was. */
  knownName(thing: unknown): string | undefined {
    return this.#names.get(thing);
  }

  /** Says that this text, wherever it appears, differs from run to run and is to be called otherwise. */
  substitute(text: string, name: string): void {
    this.#addresses.set(text, name);
  }

  /** A text without what differs from run to run: ports, keys that were drawn, answers to challenges. */
  stable(text: string): string {
    let result = text.replaceAll(/\b(c?nonce|response)="[^"]*"/g, '$1="<$1>"');
    for (const [address, name] of this.#addresses) result = result.replaceAll(address, name);
    return result;
  }

  /** The steps so far, the end of the script last. */
  finish(end: Outcome): TraceStep[] {
    this.#stopped = true;
    const args: Record<string, TraceValue> = {};
    if (this.#rest !== undefined) {
      args.furtherSteps = this.#rest.count;
      args.digest = this.#rest.digest.digest('hex').slice(0, 16);
    }
    return [...this.#steps, { kind: 'end', actor: 'script', name: 'end', args, outcome: end }];
  }
}

/** How a call failed, as a trace has it. */
export function failureOf(error: unknown, stable: (text: string) => string = String): Outcome {
  if (!(error instanceof Error)) return { status: 'failed', code: typeof error, message: stable(String(error)) };
  const { code, hresult } = error as { code?: unknown; hresult?: unknown };
  return {
    status: 'failed',
    code: typeof code === 'string' ? code : error.name,
    ...(typeof hresult === 'number' ? { hresult: hresult >>> 0 } : {}),
    message: stable(error.message),
  };
}

/** An outcome without what is only for readers. */
export function compared(outcome: Outcome): Outcome | object {
  if (outcome.status !== 'failed') return outcome;
  return { status: outcome.status, code: outcome.hresult ?? outcome.code };
}
