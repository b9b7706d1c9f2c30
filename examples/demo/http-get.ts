// npm start -s -- get URL: fetches a URL with the backend of the machine.
import { isUtf8 } from 'node:buffer';
import type { BackendName } from 'winwire';
import { WinHttpRequest, type WinHttpResponse } from 'winwire';
import { type Terminal, UsageError } from '../lib/command-line.ts';
import { sizeOf } from './rows.ts';

interface GetOptions {
  backend: BackendName | undefined;
  json: boolean | undefined;
}

/** Text beyond this many characters is omitted. */
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

const TEXT = /^(?:text\/|application\/(?:json|xml|javascript)|[^;]*\+(?:json|xml))/i;

function textOf(response: WinHttpResponse): string {
  const text = readable(response);
  if (text === undefined) return '(not shown: it is not text)';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** A body without a type is text if it is UTF-8. */
function readable(response: WinHttpResponse): string | undefined {
  const { body } = response;
  const type = response.headers.get('content-type');
  if (body.length === 0) return '';
  if (type === null) return isUtf8(body) && !body.includes(0) ? body.toString() : undefined;
  return TEXT.test(type) ? response.text() : undefined;
}
