// Run with --import winwire/register: what a program does that knows nothing of it.
import https from 'node:https';

const fetched = await fetch('http://fetch.invalid/').then(
  (response) => response.text(),
  (error) => error.cause?.code ?? error.message,
);
const got = await new Promise((resolve) => {
  https
    .get('https://https.invalid/', (response) => resolve(response.statusCode))
    .on('error', ({ code }) => resolve(code));
});
console.log(JSON.stringify([fetched, got]));
