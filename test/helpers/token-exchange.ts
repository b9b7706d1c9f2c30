// Authenticates one connection with tokens of the system's mechanisms, leg by leg.
import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type AuthContextOptions, openContext } from '../../lib/auth/auth-native.ts';
import type { TargetAnswer } from './realm.ts';

export interface Exchanged {
  readonly status: number;
  /** As the server names it; empty unless the status is 200. */
  readonly user: string;
  /** How many tokens were sent. */
  readonly legs: number;
  /** Whether the mechanism needs no further token: the server has proved its identity. */
  readonly done: boolean;
  readonly identity: string | undefined;
  /** The tokens that were sent, and those of the server. */
  readonly tokens: readonly Buffer[];
  readonly answers: readonly Buffer[];
}

/** No mechanism of the tests needs more. */
const MAX_LEGS = 5;

function request(url: string, agent: Agent, authorization: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { Authorization: authorization } }, resolve).once('error', reject);
  });
}

/** The token of a scheme in a challenge or a final answer. */
function tokenIn(response: IncomingMessage, scheme: string): Buffer | undefined {
  const field = response.headers['www-authenticate'] ?? '';
  const token = new RegExp(`\\b${scheme} ([A-Za-z0-9+/]+=*)`).exec(field)?.[1];
  return token === undefined ? undefined : Buffer.from(token, 'base64');
}

/** Sends GET with tokens until the server no longer asks for one. */
export async function exchangeTokens(url: string, options: AuthContextOptions): Promise<Exchanged> {
  const scheme = options.package === 'NTLM' ? 'NTLM' : 'Negotiate';
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  using context = await openContext(options);
  const tokens: Buffer[] = [];
  const answers: Buffer[] = [];
  try {
    let step = await context.step();
    for (;;) {
      tokens.push(step.token);
      const response = await request(url, agent, `${scheme} ${step.token.toString('base64')}`);
      const body = await text(response);
      const answer = tokenIn(response, scheme);
      const status = response.statusCode ?? 0;
      if (answer) answers.push(answer);
      const isFinal = status !== 401 || answer === undefined || tokens.length === MAX_LEGS;
      if (answer && !step.done) step = await context.step(answer);
      if (!isFinal) continue;
      const user = status === 200 ? (JSON.parse(body) as TargetAnswer).user : '';
      return { status, user, legs: tokens.length, done: step.done, identity: context.identity, tokens, answers };
    }
  } finally {
    agent.destroy();
  }
}

/** Sends GET with one token on a new connection, and resolves to the status. */
export async function sendToken(url: string, scheme: string, token: Buffer): Promise<number> {
  const agent = new Agent();
  try {
    const response = await request(url, agent, `${scheme} ${token.toString('base64')}`);
    response.resume();
    return response.statusCode ?? 0;
  } finally {
    agent.destroy();
  }
}
