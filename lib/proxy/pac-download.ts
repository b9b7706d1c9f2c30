/** Loads a PAC script from an http:, https:, file: or data: URL, within limits. */
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { shownUrl } from '../shown-text.ts';
import { validUrl } from '../valid-url.ts';
import { proxyFailure } from './proxy-errors.ts';

/** Limits of a download. */
export interface DownloadLimits {
  /** Time limit in milliseconds, including redirects. */
  readonly time: number;
  /** Maximum size of a script in bytes. */
  readonly size: number;
  readonly redirects: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = { time: 5_000, size: 1024 * 1024, redirects: 10 };

/** A script's bytes, and the charset of its server. */
interface Download {
  readonly bytes: Buffer;
  readonly charset?: string;
}

/**
 * Downloads a script without a proxy, which the script determines.
 *
 * @throws {WinwireError} ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT
 */
export async function downloadPac(url: URL, limits = DOWNLOAD_LIMITS): Promise<string> {
  const signal = AbortSignal.timeout(limits.time);
  try {
    return decode(await download(url, signal, limits));
  } catch (error) {
    const reason = signal.aborted ? `no answer within ${limits.time} ms` : (error as Error).message;
    throw proxyFailure('ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT', `${shownUrl(url)}: ${reason}`, error);
  }
}

function download(url: URL, signal: AbortSignal, limits: DownloadLimits): Promise<Download> {
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return downloadHttp(url, signal, limits, limits.redirects);
    case 'file:':
      return downloadFile(url, signal, limits);
    case 'data:':
      return Promise.resolve(readDataUrl(url, limits));
    default:
      throw new Error(`a PAC URL has http:, https:, file: or data:, not ${url.protocol}`);
  }
}

const tooLarge = ({ size }: DownloadLimits) => new Error(`the script has more than ${size} bytes`);

async function downloadFile(url: URL, signal: AbortSignal, limits: DownloadLimits): Promise<Download> {
  // A pipe or a device may be endless.
  const { size } = await stat(url).then((found) => (found.isFile() ? found : Promise.reject(new Error('not a file'))));
  if (size > limits.size) throw tooLarge(limits);
  return { bytes: await readFile(url, { signal }) };
}

/** Source: WHATWG Fetch, "data: URL processor". `fetch` takes long to load, and programs replace it. */
function readDataUrl({ pathname, search }: URL, limits: DownloadLimits): Download {
  const text = pathname + search;
  const comma = text.indexOf(',');
  if (comma < 0) throw new Error('the data: URL has no comma');
  const type = text.slice(0, comma);
  // An encoded byte has three characters.
  if (text.length - comma > limits.size * 3 + 1) throw tooLarge(limits);
  const decoded = percentDecode(text.slice(comma + 1));
  const bytes = /; *base64 *$/i.test(type) ? Buffer.from(decoded.toString('latin1'), 'base64') : decoded;
  if (bytes.length > limits.size) throw tooLarge(limits);
  return withCharset(bytes, type);
}

/** Returns the bytes of a serialized URL, which is ASCII. */
function percentDecode(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  let length = 0;
  for (let at = 0; at < bytes.length; at++, length++) {
    const high = bytes[at] === PERCENT ? hexDigit(bytes[at + 1]) : -1;
    const low = high < 0 ? -1 : hexDigit(bytes[at + 2]);
    bytes[length] = low < 0 ? (bytes[at] ?? 0) : high * 16 + low;
    if (low >= 0) at += 2;
  }
  return bytes.subarray(0, length);
}

const PERCENT = 0x25;

/** Returns the value of a hexadecimal digit's code, -1 for another one. */
function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

async function downloadHttp(
  url: URL,
  signal: AbortSignal,
  limits: DownloadLimits,
  redirects: number,
): Promise<Download> {
  // Loaded here: each takes milliseconds.
  const { get } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    // A separate connection; `agent: false` also prevents a proxy of the global agents.
    const request = get(url, { agent: false, signal }, (response) => {
      const next = redirectOf(response, url);
      if (next === undefined) return readBody(response, limits).then(resolve, reject);
      response.destroy();
      if (redirects === 0) return reject(new Error(`more than ${limits.redirects} redirects`));
      if (!/^https?:$/.test(next.protocol)) return reject(new Error(`a redirect to ${next.protocol}`));
      return downloadHttp(next, signal, limits, redirects - 1).then(resolve, reject);
    });
    // Those who wait for the script keep the process alive.
    request.on('socket', (socket) => socket.unref()).on('error', reject);
  });
}

const REDIRECTS = [301, 302, 303, 307, 308];

function redirectOf({ statusCode = 0, headers }: IncomingMessage, base: URL): URL | undefined {
  const { location } = headers;
  return REDIRECTS.includes(statusCode) && location !== undefined ? validUrl(location, base) : undefined;
}

async function readBody(response: IncomingMessage, limits: DownloadLimits): Promise<Download> {
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`the server answered ${response.statusCode}`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.size) throw tooLarge(limits);
    chunks.push(chunk);
  }
  return withCharset(Buffer.concat(chunks), response.headers['content-type'] ?? '');
}

function withCharset(bytes: Buffer, contentType: string): Download {
  const [, charset] = /;\s*charset="?([\w.:-]+)/i.exec(contentType) ?? [];
  return charset === undefined ? { bytes } : { bytes, charset };
}

/**
 * A byte order mark takes precedence over the server's charset, and that over UTF-8; invalid UTF-8 is decoded as
 * Latin-1.
 */
function decode({ bytes, charset = 'utf-8' }: Download): string {
  const mark = bytes.toString('latin1', 0, 3);
  const marked =
    mark === '\xef\xbb\xbf'
      ? 'utf-8'
      : mark.startsWith('\xff\xfe')
        ? 'utf-16le'
        : mark.startsWith('\xfe\xff')
          ? 'utf-16be'
          : undefined;
  try {
    return new TextDecoder(marked ?? charset, { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
