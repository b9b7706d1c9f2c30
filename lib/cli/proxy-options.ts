/** `--proxy`, `--pac` and `--noproxy`, which several commands share. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import type { ProxySource } from '../proxy/types.ts';
import { usage } from './exit.ts';

/** The parsed options. */
export interface ProxyOptions {
  readonly proxy?: string;
  readonly pac?: string;
  readonly noproxy?: string;
}

/** Adds the options to a command. */
export function addProxyOptions(command: Command, defaultText: string): Command {
  return command
    .option(
      '--proxy <proxy>',
      `system, environment, direct, or a server: host:port or a URL, also with user:password@ (default: ${defaultText})`,
    )
    .option('--pac <file>', 'a PAC script that names the proxies: a file or a URL')
    .option(
      '--noproxy <hosts>',
      "hosts to reach without the server of --proxy, separated by ';' or ','; * is a wildcard",
      // Windows' lists have no commas, but curl's option does.
      (hosts: string) => hosts.replaceAll(',', ';'),
    );
}

/** Whether `--proxy` names a server. */
export const isServer = (proxy: string | undefined): proxy is string => proxy !== undefined && !WORDS.includes(proxy);

/** Whether one of the options is given. */
export const isProxied = ({ proxy, pac, noproxy }: ProxyOptions): boolean =>
  [proxy, pac, noproxy].some((value) => value !== undefined);

/** Returns the proxy source of the options; undefined if none is given. */
export function proxySourceOf({ proxy, pac, noproxy }: ProxyOptions): ProxySource | 'direct' | undefined {
  if (pac !== undefined && proxy !== undefined) throw usage('--pac does not go with --proxy');
  if (noproxy !== undefined && !isServer(proxy)) throw usage('--noproxy goes with a server as --proxy');
  if (pac !== undefined) return { pac: urlOf(pac) };
  if (proxy === undefined) return undefined;
  if (!isServer(proxy)) return proxy as 'system' | 'environment' | 'direct';
  // A proxy from the command line also applies to this machine's own hosts, as in curl.
  return { proxy, bypass: ['<-loopback>', ...(noproxy === undefined ? [] : [noproxy])] };
}

const WORDS = ['system', 'environment', 'direct'];

/** Accepts only known schemes: the Windows path `C:\proxy.pac` also parses as a URL. */
const urlOf = (text: string) => (/^(?:https?|file|data):/i.test(text) ? text : pathToFileURL(resolve(text)));
