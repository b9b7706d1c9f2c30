// The accepting side of an authentication, in the native probe: gss_accept_sec_context or AcceptSecurityContext.
import { createRequire } from 'node:module';
import type { AuthContext, AuthPackage } from '../../lib/auth/auth-native.ts';
import { probeFile } from './probe-file.ts';

const PACKAGES = { Negotiate: 0, Kerberos: 1, NTLM: 2 } as const;

/** What the acceptor answers. */
export interface Accepted {
  readonly token: Buffer;
  readonly done: boolean;
  /** Who was accepted, and by which mechanism; empty before the end, and where the system does not tell. */
  readonly client: string;
  readonly mechanism: string;
  /** GSSAPI's bits: 1 delegated, 2 mutual. */
  readonly flags: number;
}

interface Probe {
  createAcceptor(authPackage: number, channelBinding: Uint8Array | undefined): object;
  acceptToken(acceptor: object, token: Uint8Array): Accepted;
}

let probe: Probe | undefined;

/** A service, with the keys of the environment (KRB5_KTNAME), or of Windows' logged-on user. */
export class Acceptor {
  readonly #probe: Probe;
  readonly #acceptor: object;

  constructor(authPackage: AuthPackage, channelBinding?: Uint8Array) {
    probe ??= createRequire(import.meta.url)(probeFile()) as Probe;
    this.#probe = probe;
    this.#acceptor = probe.createAcceptor(PACKAGES[authPackage], channelBinding);
  }

  /** Throws an Error with the mechanism's text. */
  accept(token: Uint8Array): Accepted {
    return this.#probe.acceptToken(this.#acceptor, token);
  }
}

/** Exchanges tokens until both sides are done; returns the acceptor's last answer, and the number of the client's tokens. */
export async function authenticate(
  context: AuthContext,
  acceptor: Acceptor,
): Promise<{ accepted: Accepted; legs: number }> {
  const MOST_LEGS = 5;
  let step = await context.step();
  let accepted = acceptor.accept(step.token);
  let legs = 1;
  while (!(step.done && accepted.done) && legs < MOST_LEGS) {
    if (!step.done) step = await context.step(accepted.token);
    if (!accepted.done) {
      accepted = acceptor.accept(step.token);
      ++legs;
    }
  }
  if (!step.done || !accepted.done) throw new Error(`not done after ${legs} legs`);
  return { accepted, legs };
}
