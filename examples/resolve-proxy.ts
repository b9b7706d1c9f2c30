// Shows through which proxies URLs go, and what a script of your own would say.
//
//   npm run example -- resolve-proxy --pac file:///etc/proxy.pac https://example.org/
import { resolveProxy } from 'winwire';
import { type CommandLine, type Main, runIfMain } from './lib/command-line.ts';

export const COMMAND = {
  usage: 'resolve-proxy [options] [url ...]',
  about: 'Prints the routes to URLs, in the order to try them, and who named them.',
  options: {
    pac: { type: 'string', help: 'a PAC script: an http:, https:, file: or data: URL' },
    backend: { type: 'string', choices: ['system', 'portable'], help: 'who reads settings and runs scripts' },
  },
  positionals: 'any',
} as const satisfies CommandLine;

export const main: Main<typeof COMMAND> = async (values, urls, { stdout, stderr }) => {
  const from = values.pac === undefined ? 'environment-then-system' : { pac: values.pac };
  for (const url of urls.length > 0 ? urls : ['https://example.org/']) {
    const resolution = await resolveProxy(url, { from, ...(values.backend && { backend: values.backend }) });
    stdout.write(`${url}  ${resolution}  (${resolution.source}, ${resolution.by})\n`);
    for (const warning of resolution.warnings) stderr.write(`${warning.message}\n`);
  }
  return 0;
};

await runIfMain(import.meta, COMMAND, main);
