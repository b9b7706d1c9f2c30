// The addon's functions as promises, for programs that run in Node 20, which has no TypeScript.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../../build/Release/winwire.node', import.meta.url));

export const { auth } = createRequire(import.meta.url)(process.env.WINWIRE_BINDING || built);

const PACKAGES = { Negotiate: 0, Kerberos: 1, NTLM: 2 };
const SERVICE = 'HTTP/localhost';

const calls = new Map();
let last = 0;
let functions;

function call(start) {
  functions ??= auth.start((kind, number, ...values) => {
    const { resolve, reject } = calls.get(number);
    calls.delete(number);
    if (calls.size === 0) functions.ref(false);
    if (kind === 0) resolve(values);
    else reject(new Error(values.join(' ')));
  });
  return new Promise((resolve, reject) => {
    calls.set(++last, { resolve, reject });
    functions.ref(true);
    start(last);
  });
}

/** Resolves to the number of a context; without a user, of the one who is logged on. */
export const open = async ({ username, password, domain } = {}, name = 'Kerberos') =>
  (await call((number) => functions.open(number, PACKAGES[name], SERVICE, undefined, username, password, domain)))[0];
export const step = (context) => call((number) => functions.step(number, context, undefined));
export const close = (context) => functions.close(context);
