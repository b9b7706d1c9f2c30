/** A plain request, without credentials, over a connection that stands. */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { BackendName } from '../../backend.ts';
import { withoutUser } from '../format.ts';
import type { AuthenticationReport, ResponseReport } from './doctor-report.ts';

/** What is read of a body, in bytes: it is its time that is of interest. */
const BODY_LIMIT = 1024 * 1024;

interface Answer {
  readonly report: ResponseReport;
  /** Reads the body to its end, or to a limit. */
  finish(): Promise<void>;
}

/** Asks by GET; resolves with the head. */
export async function ask(socket: Socket, options: RequestOptions, signal: AbortSignal): Promise<Answer> {
  const headers = { 'User-Agent': 'winwire doctor', Accept: '*/*', Connection: 'close', ...options.headers };
  const request = httpRequest({ ...options, headers, signal, createConnection: () => socket });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const { statusCode = 0, statusMessage = '' } = response;
  return {
    report: responseReport(statusCode, statusMessage, response.headers),
    finish: async () => {
      let length = 0;
      for await (const chunk of response) {
        length += (chunk as Buffer).length;
        if (length > BODY_LIMIT) break;
      }
    },
  };
}

/** Opens a tunnel through a proxy. The socket is undefined if it refuses, which the report explains. */
export async function openTunnel(
  socket: Socket,
  target: string,
  authorization: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly socket: Socket | undefined; readonly report: ResponseReport }> {
  const headers = { Host: target, ...(authorization ? { 'Proxy-Authorization': authorization } : {}) };
  const options = { method: 'CONNECT', path: target, headers, signal };
  const request = httpRequest({ ...options, createConnection: () => socket });
  request.end();
  const [response, tunnel] = (await once(request, 'connect')) as [IncomingMessage, Socket];
  const { statusCode = 0, statusMessage = '' } = response;
  const report = responseReport(statusCode, statusMessage, response.headers);
  if (statusCode >= 200 && statusCode < 300) return { socket: tunnel, report };
  tunnel.destroy();
  return { socket: undefined, report };
}

type Headers = NodeJS.Dict<string | string[]>;

const firstOf = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

export function responseReport(status: number, statusText: string, headers: Headers): ResponseReport {
  const location = firstOf(headers.location);
  return {
    status,
    statusText,
    server: firstOf(headers.server),
    location: location === undefined ? undefined : withoutUser(location).replace(/[?#].*/s, ''),
    authentication: [
      ...schemesOf(headers['www-authenticate'], 'server'),
      ...schemesOf(headers['proxy-authenticate'], 'proxy'),
    ],
  };
}

const ANSWERED_BY: Readonly<Record<string, readonly BackendName[]>> = {
  basic: ['system', 'portable'],
  digest: ['system', 'portable'],
  ntlm: ['system'],
  negotiate: ['system'],
};

/** The schemes of challenges, RFC 9110 section 11.6.1: a scheme is a token that no `=` follows. */
function schemesOf(value: string | string[] | undefined, by: AuthenticationReport['by']): AuthenticationReport[] {
  const text = [value ?? []]
    .flat()
    .join(', ')
    .replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const schemes = [...text.matchAll(/(?:^|,)\s*([!#$%&'*+.^_`|~\w-]+)(?=\s*(?:,|$)|\s+[^\s=,])/g)].map(
    ([, name]) => name ?? '',
  );
  return schemes.map((scheme) => ({ scheme, by, answeredBy: ANSWERED_BY[scheme.toLowerCase()] ?? [] }));
}
