// Fetches URLs as a program and its SDKs do, after install(): through the machine's proxies, as the user who is logged on.
//
//   npm run example -- installed-fetch --proxy proxy.example:8080 https://example.org/
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type HttpConnectedMessage, install } from 'winwire';
import { type CommandLine, type Main, runIfMain } from './lib/command-line.ts';

export const COMMAND = {
  usage: 'installed-fetch [options] [url ...]',
  about: 'Fetches URLs by the global fetch after install(), and prints statuses, sizes and proxies.',
  options: {
    proxy: { type: 'string', help: "direct, or a server, host:port or a URL; without it the machine's settings" },
  },
  positionals: 'any',
} as const satisfies CommandLine;

export const main: Main<typeof COMMAND> = async ({ proxy: named }, urls, { stdout }) => {
  const proxy = named === undefined ? 'environment-then-system' : named === 'direct' ? named : { proxy: named };
  const onConnected = (message: unknown) => {
    const { address, proxy: by = 'no proxy' } = message as HttpConnectedMessage;
    stdout.write(`connected to ${address}, ${by}\n`);
  };
  subscribe('winwire:http:connected', onConnected);
  using installation = install({ proxy, fetch: true });
  try {
    for (const url of urls.length > 0 ? urls : ['https://example.org/']) {
      // The global fetch: any library of the program that uses it goes the same way.
      const response = await fetch(url);
      const { byteLength } = await response.arrayBuffer();
      stdout.write(`${response.status} ${url}  ${byteLength} bytes\n`);
    }
  } finally {
    unsubscribe('winwire:http:connected', onConnected);
  }
  return installation.fetch ? 0 : 1;
};

await runIfMain(import.meta, COMMAND, main);
