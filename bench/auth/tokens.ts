// The addon's functions for tokens as promises.
import { createRequire } from 'node:module';

export const KERBEROS = 1;
export const NTLM = 2;

type Answer = readonly unknown[];
interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly domain: string;
}
interface AuthFunctions {
  open(
    call: number,
    authPackage: number,
    service: string,
    channelBinding: undefined,
    username?: string,
    password?: string,
    domain?: string,
  ): void;
  step(call: number, context: number, token: undefined): void;
  close(context: number): void;
  ref(referenced: boolean): void;
}
interface Addon {
  readonly auth: { start(dispatch: (kind: number, call: number, ...values: unknown[]) => void): AuthFunctions };
}

const { auth } = createRequire(import.meta.url)('../../../Release/winwire.node') as Addon;
const calls = new Map<number, (answer: Answer | Error) => void>();
const functions = auth.start((kind, call, ...answer) => {
  calls.get(call)?.(kind === 0 ? answer : new Error(answer.join(' ')));
  calls.delete(call);
  if (calls.size === 0) functions.ref(false);
});
let last = 0;

function call(start: (number: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    functions.ref(true);
    calls.set(++last, (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    start(last);
  });
}

/** Resolves to the number of a context; without credentials, of the logged-on user. */
export async function open(authPackage: number, credentials?: Credentials): Promise<number> {
  const { username, password, domain } = credentials ?? {};
  const start = (number: number) =>
    functions.open(number, authPackage, 'HTTP/localhost', undefined, username, password, domain);
  return (await call(start))[0] as number;
}

/** Resolves to the first token. */
export const step = (context: number): Promise<Answer> => call((number) => functions.step(number, context, undefined));

export const close = (context: number): void => functions.close(context);
