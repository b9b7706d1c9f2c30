// Tokens of three legs, as NTLM has them: a greeting, a challenge, and an answer that depends on the challenge.
import { createHash } from 'node:crypto';
import type { TokenContext, TokenRequest, TokenSource } from '../../lib/auth/token-source.ts';

const answerTo = (challenge: string): string => createHash('sha256').update(challenge).digest('hex');

/** Makes the client's tokens; counts the contexts that are open. */
export class TestTokens implements TokenSource {
  name = 'alice';
  openContexts = 0;
  readonly requests: TokenRequest[] = [];

  async open(request: TokenRequest): Promise<TokenContext> {
    this.requests.push(request);
    this.openContexts++;
    let isOpen = true;
    return {
      identity: this.name,
      step: async (token) => {
        if (token === undefined) return { token: Buffer.from(`hello ${this.name}`), done: false };
        return { token: Buffer.from(`${this.name} ${answerTo(String(token))}`), done: true };
      },
      close: () => {
        if (isOpen) this.openContexts--;
        isOpen = false;
      },
    };
  }

  async identity(): Promise<string> {
    return this.name;
  }
}

const tokenIn = (head: string): string => {
  const [, token = ''] = /^(?:Proxy-)?Authorization: NTLM (\S+)/im.exec(head) ?? [];
  return String(Buffer.from(token, 'base64'));
};

/** The acceptor of one connection. */
export class TestAcceptor {
  #challenge: string | undefined;
  user: string | undefined;

  /** Returns the value of (Proxy-)Authenticate, or undefined if the user is authenticated. */
  accept(head: string): string | undefined {
    if (this.user !== undefined) return undefined;
    const [name = '', proof] = tokenIn(head).split(' ');
    if (name === 'hello') {
      this.#challenge = `challenge ${Math.random()}`;
      return `NTLM ${Buffer.from(this.#challenge).toString('base64')}`;
    }
    if (this.#challenge === undefined || proof !== answerTo(this.#challenge)) return 'NTLM';
    this.user = name;
    return undefined;
  }
}
