// Starts a realm and keeps it until a signal; `fail` as the argument makes what uses it fail.
import { withRealm } from '../../../tools/realm/realm.mjs';

await withRealm(async (env) => {
  console.log(JSON.parse(env.WINWIRE_AUTH_REALM).folder);
  if (process.argv[2] === 'fail') throw new Error('as asked');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
