// npm start -- get URL: fetches a URL with the backend of the machine.
import type { BackendName } from 'winwire';
import { WinHttpRequest, type WinHttpResponse } from 'winwire/sys';
import { type Terminal, UsageError } from '../lib/command-line.ts';
import { sizeOf } from './rows.ts';

export interface GetOptions {
  backend: BackendName | undefined;
  json: boolean | undefined;
}

/** Text beyond this many characters is left out. */
const SHOWN = 2_000;

export async function get(urls: readonly string[], options: GetOptions, { stdout }: Terminal): Promise<number> {
  const [url, ...more] = urls;
  if (url === undefined || more.length > 0) throw new UsageError("'get' takes one URL");
  const start = performance.now();
  const response = await WinHttpRequest.request(url, { backend: options.backend });
  const milliseconds = Math.round(performance.now() - start);
  stdout.write(
    options.json ? `${JSON.stringify(summaryOf(response, milliseconds))}\n` : pageOf(response, milliseconds),
  );
  return response.status < 400 ? 0 : 1;
}

function summaryOf({ status, statusText, headers, body, url }: WinHttpResponse, milliseconds: number) {
  return { event: 'response', status, statusText, url, headers: [...headers], bytes: body.length, milliseconds };
}

function pageOf(response: WinHttpResponse, milliseconds: number): string {
  const { status, statusText, headers, body, url } = response;
  const facts = `${status} ${statusText}, ${sizeOf(body.length)} in ${milliseconds} ms`;
  const lines = [facts, ...(url ? [url] : []), '', ...[...headers].map(([name, value]) => `${name}: ${value}`)];
  return `${[...lines, '', textOf(response)].join('\n')}\n`;
}

function textOf(response: WinHttpResponse): string {
  if (!/^(?:text\/|application\/(?:json|xml|javascript))/i.test(response.headers.get('content-type') ?? '')) return '';
  const text = response.text();
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
