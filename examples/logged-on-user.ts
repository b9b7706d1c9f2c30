// Gets a page of the intranet as the user who is logged on: by Kerberos or NTLM, without a password.
//
//   npm run example -- logged-on-user --proxy system https://intranet.example/
import { AutoLogonPolicy, WinHttpRequest } from 'winwire';
import { type CommandLine, type Main, runIfMain } from './lib/command-line.ts';

export const COMMAND = {
  usage: 'logged-on-user [options] [url ...]',
  about: 'Gets URLs as the user who is logged on, and prints statuses and sizes.',
  options: {
    proxy: { type: 'string', choices: ['system', 'direct'], help: 'where the proxy is looked for' },
    backend: { type: 'string', choices: ['system', 'portable'], help: 'who sends the request' },
  },
  positionals: 'any',
} as const satisfies CommandLine;

export const main: Main<typeof COMMAND> = async ({ proxy = 'direct', backend }, urls, { stdout }) => {
  for (const url of urls) {
    const { status, statusText, body } = await WinHttpRequest.request(url, {
      // Only for servers that you trust: each one that asks learns who you are.
      autoLogonPolicy: AutoLogonPolicy.Always,
      proxy: proxy as 'system' | 'direct',
      ...(backend && { backend }),
    });
    stdout.write(`${status} ${statusText}, ${body.length} bytes\n`);
  }
  return 0;
};

await runIfMain(import.meta, COMMAND, main);
