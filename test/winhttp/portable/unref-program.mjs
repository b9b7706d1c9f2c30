// A program that has nothing to do but a request that keeps no process alive. It prints how far it came.
//   node unref-program.mjs URL [URL of another request, which is awaited first]
import { WinHttpRequest } from 'winwire';

const [url, first] = process.argv.slice(2);
if (first !== undefined) await WinHttpRequest.request(first, { backend: 'portable' });
const request = await WinHttpRequest.create({ backend: 'portable' });
request.unref();
await request.open('GET', url);
request.send().then(
  () => console.log('complete'),
  () => console.log('failed'),
);
console.log('sent');
