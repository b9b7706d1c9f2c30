/** The messages between a PAC engine and its workers, each of which runs one script at a time. */

/** Requests one run of a script. */
export interface PacRun {
  /** Identifies the script. Its text, up to a mebibyte, is sent only to a worker that does not have it. */
  readonly key: string;
  readonly script?: string;
  readonly url: string;
  readonly host: string;
  /** Answers to the questions of earlier runs of this look-up. */
  readonly answers: { [question in PacQuestion]?: string | null };
  /** Limits in milliseconds: of the script's top level, and of FindProxyForURL. */
  readonly loadTime: number;
  readonly time: number;
}

/** A missing input of a run: the address of a host, or this machine's own. */
export type PacQuestion = `host ${string}` | 'own';

/** The result of a run. */
export type PacOutcome =
  | { readonly kind: 'answer'; readonly text: string }
  /** The run ended because an answer is missing; repeat it with the answer. `time`: what it took, in milliseconds. */
  | { readonly kind: 'question'; readonly question: PacQuestion; readonly time: number }
  /** The worker does not have the script. */
  | { readonly kind: 'unknown-script' }
  /** The script has a syntax error, throws while it loads, or has no FindProxyForURL. */
  | { readonly kind: 'bad-script'; readonly message: string }
  /** FindProxyForURL threw, did not return a string, or took too long or too much memory. */
  | { readonly kind: 'failed'; readonly message: string; readonly isTooSlow?: boolean };

/** What a worker reports beside outcomes. */
export type PacReport =
  /** Its first message: the compiled QuickJS, which the next workers get, and the file of `processorWait`. */
  | { readonly kind: 'ready'; readonly wasm: unknown; readonly figures: string | undefined }
  /** A virtual machine for the script exists; its top level begins. */
  | { readonly kind: 'loading' }
  /** The script's top level has run; FindProxyForURL begins. */
  | { readonly kind: 'loaded' };

/** Limits of a script. */
export const PAC_LIMITS = {
  /** Milliseconds of script time of one look-up; time in DNS does not count. */
  time: 1_000,
  /** Milliseconds without a processor, on a busy machine, that do not count. */
  wait: 2_000,
  /** Bytes of memory. */
  memory: 16 * 1024 * 1024,
  /** Names per look-up; further ones cannot be resolved. Chromium has the same limit. */
  names: 20,
  /** Characters of an answer. */
  answer: 16 * 1024,
  /** Characters of an argument of a function. */
  argument: 1024 * 1024,
} as const;

export const TOO_SLOW = 'the script ran for too long';
