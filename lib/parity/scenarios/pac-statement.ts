/** The shape of the statements PF-nnn about PAC scripts, and the texts that they share. */
import type { Serving } from '../proxy-stage.ts';

/** A script, how it is served, and what it answers. */
export interface PacStatement {
  readonly sentence: string;
  /** `rule`: decided by this package. */
  readonly evidence: 'MDN' | 'Chromium' | 'rule';
  readonly script: string;
  readonly serve?: Serving;
  /** Warnings of each look-up; default 0. */
  readonly warnings?: number;
  /** Routes as a script writes them, or the code of an error. */
  readonly expect: readonly (readonly [url: string, answer: string])[];
}

export const ONE = 'PROXY one.test:8001';
export const TWO = 'PROXY two.test:8002';

/** Returns a script whose function has this body. */
export const find = (body: string): string => `function FindProxyForURL(url, host) { ${body} }`;

/** Returns a script that answers with these routes. */
export const returns = (routes: string): string => find(`return ${JSON.stringify(routes)};`);

/** Returns a script that answers ONE if the condition holds, else TWO. */
export const asks = (condition: string): string => find(`return ${condition} ? "${ONE}" : "${TWO}";`);
