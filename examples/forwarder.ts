// Starts a local proxy that goes the way of the machine's settings, and fetches URLs through it as another program would.
//
//   npm run example -- forwarder --proxy proxy.example:8080 http://example.org/
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createForwarder } from 'winwire';
import { type CommandLine, type Main, runIfMain } from './lib/command-line.ts';

export const COMMAND = {
  usage: 'forwarder [options] [http-url ...]',
  about: 'Starts a local proxy, fetches http: URLs through it, and prints what it logs.',
  options: {
    proxy: { type: 'string', help: "direct, or a server, host:port or a URL; without it the system's settings" },
    backend: { type: 'string', choices: ['system', 'portable'], help: 'who reads settings and runs scripts' },
  },
  positionals: 'any',
} as const satisfies CommandLine;

/** Fetches a URL as a program does that knows HTTP_PROXY only. */
async function fetchThrough(proxyUrl: string, url: string): Promise<number> {
  const { hostname, port, username, password } = new URL(proxyUrl);
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const headers = { Host: new URL(url).host, 'Proxy-Authorization': `Basic ${credentials}`, Connection: 'close' };
  const [response] = (await once(request({ hostname, port, path: url, headers }).end(), 'response')) as [
    IncomingMessage,
  ];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}

export const main: Main<typeof COMMAND> = async (values, urls, { stdout }) => {
  const { proxy: named, backend } = values;
  const proxy = named === undefined ? 'system' : named === 'direct' ? 'direct' : { proxy: named };
  await using forwarder = await createForwarder({
    proxy,
    ...(backend && { backend }),
    onRequest: ({ method, origin, status, route }) => stdout.write(`${method} ${origin}  ${status}  ${route}\n`),
  });
  for (const url of urls.length > 0 ? urls : ['http://example.org/']) await fetchThrough(forwarder.url, url);
  const { requests, failures } = forwarder.statistics;
  stdout.write(`${requests} requests, ${failures} failed\n`);
  return failures === 0 ? 0 : 1;
};

await runIfMain(import.meta, COMMAND, main);
