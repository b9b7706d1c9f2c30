// Asks servers, each with a set of ignore flags, in a process whose roots are chosen when it starts. Prints JSON.
//   node trust-program.mjs JSON-of-[[URL, flags], …]
import { WinHttpRequest } from 'winwire';

const outcomes = [];
for (const [url, flags] of JSON.parse(process.argv[2])) {
  const options = { SslErrorIgnoreFlags: flags };
  const outcome = WinHttpRequest.request(url, { backend: 'portable', options });
  outcomes.push(
    await outcome.then(
      ({ status }) => String(status),
      ({ code, message }) => `${code} ${message}`,
    ),
  );
}
console.log(JSON.stringify(outcomes));
