/** Requests of the doctor with node:http over an open connection: a plain GET, a CONNECT; without credentials. */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { parseChallenges } from '../../auth/challenges.ts';
import type { BackendName } from '../../backend.ts';
import { withoutUser } from '../format.ts';
import type { AuthenticationReport, ResponseReport } from './doctor-report.ts';

/** Maximum number of body bytes to read: only the time they take is reported. */
const BODY_LIMIT = 1024 * 1024;
/** Maximum number of body bytes to keep: the beginning of an error page names the problem. */
const TEXT_LIMIT = 4096;

interface Answer {
  readonly report: ResponseReport;
  /** Reads the body to its end, or to the limit; resolves with the beginning of it. */
  finish(): Promise<string>;
}

/** Sends a GET; resolves with the head. */
export async function sendRequest(socket: Socket, options: RequestOptions, signal: AbortSignal): Promise<Answer> {
  const headers = { 'User-Agent': 'winwire doctor', Accept: '*/*', Connection: 'close', ...options.headers };
  const request = httpRequest({ ...options, headers, signal, createConnection: () => socket });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const { statusCode = 0, statusMessage = '' } = response;
  return {
    report: responseReport(statusCode, statusMessage, response.headers),
    finish: async () => {
      let [length, text] = [0, ''];
      for await (const chunk of response as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (text.length < TEXT_LIMIT) text += chunk.toString('latin1', 0, TEXT_LIMIT);
        if (length > BODY_LIMIT) break;
      }
      return text;
    },
  };
}

/** Opens a tunnel through a proxy. The socket is undefined if the proxy refuses, which the report explains. */
export async function requestTunnel(
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

/** Returns the schemes of challenges, as the server spells them. */
function schemesOf(value: string | string[] | undefined, by: AuthenticationReport['by']): AuthenticationReport[] {
  const challenges = parseChallenges([value ?? []].flat());
  return challenges.map(({ name, scheme }) => ({ scheme: name, by, answeredBy: ANSWERED_BY[scheme] ?? [] }));
}
