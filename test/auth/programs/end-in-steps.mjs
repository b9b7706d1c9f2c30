// Ends by process.exit while four threads step, after a random time.
import { setImmediate } from 'node:timers/promises';
import { open, step } from './addon-auth.mjs';

const repeat = async () => {
  for (;;) await step(await open());
};
await step(await open());
for (let i = 0; i < 4; ++i) repeat();
const turns = Math.floor(Math.random() * 40);
for (let turn = 0; turn < turns; ++turn) await setImmediate();
process.exit(7);
