// A program whose files may not grow, and a response that does not fit them. It prints how the request has failed, and
// whether the object still works.
//   node write-fault-program.mjs URL-OF-THE-LARGE-RESPONSE URL-OF-A-SMALL-ONE
import { WinHttpRequest } from 'winwire';

const [large, small] = process.argv.slice(2);
const request = await WinHttpRequest.create({ backend: 'portable', limits: { responseMemory: 1000 } });
await request.open('GET', large);
const error = await request.send().catch((reason) => reason);
await request.open('GET', small);
await request.send();
console.log(error.code, error.cause?.code, await request.status);
