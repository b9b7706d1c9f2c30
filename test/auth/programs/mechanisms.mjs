// Prints what the addon says of its mechanisms, and how each package fails for the logged-on user, as JSON.
import { auth, open } from './addon-auth.mjs';

const failureOf = (name) =>
  open({}, name).then(
    () => undefined,
    ({ message }) => message,
  );

const failures = {};
for (const name of ['Negotiate', 'Kerberos', 'NTLM']) failures[name] = await failureOf(name);
console.log(JSON.stringify({ ...auth.info(), failures }));
