// One request through a proxy in absolute form, without authentication by the client.
import { get, type IncomingHttpHeaders } from 'node:http';

/** Sends GET to a proxy on localhost, with these fields, and resolves to its answer. */
export function throughProxy(
  port: number,
  url: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const { host } = new URL(url);
    get({ host: '127.0.0.1', port, path: url, agent: false, headers: { Host: host, ...fields } }, (response) => {
      response.resume();
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    }).once('error', reject);
  });
}
