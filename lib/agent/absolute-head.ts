/** Requests to a proxy in absolute form (RFC 9112 section 3.2.2), for sockets whose requests node:http writes. */
import type { NetworkConnection } from '../tunnel/network-connection.ts';
import type { HeadWriter } from './late-socket.ts';

const REQUEST_LINE = /^(\S+) (\S+) (HTTP\/1\.[01]\r\n)/;

/** Returns what changes the heads of requests on a connection; undefined if they stay as they are. */
export function absoluteHeads(url: URL, { isAbsolute, proxyAuth }: NetworkConnection): HeadWriter | undefined {
  if (!isAbsolute) return undefined;
  return (head) => {
    const [line = '', method = '', path = '', version = ''] = REQUEST_LINE.exec(head) ?? [];
    // A client may have written the absolute form itself.
    const target = path.startsWith('/') ? `${url.origin}${path}` : path === '*' ? url.origin : path;
    const rest = head.slice(line.length);
    if (!proxyAuth) return `${method} ${target} ${version}${rest}`;
    return proxyAuth.header({ method, target }).then((credentials) => {
      const field = credentials === undefined ? '' : `Proxy-Authorization: ${credentials}\r\n`;
      return `${method} ${target} ${version}${field}${rest}`;
    });
  };
}
