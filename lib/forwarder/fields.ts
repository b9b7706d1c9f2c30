/** The fields of forwarded messages. Source: RFC 9110 section 7.6. */
import type { MessageHead } from '../http1/message-head.ts';

// RFC 9110 sections 7.6.1 and 11.7, RFC 9112 section 9.3; Transfer-Encoding and Content-Length describe a body whose
// framing is the forwarder's. Trailers are not forwarded.
const OF_ONE_CONNECTION = [
  ...['connection', 'proxy-connection', 'keep-alive', 'te', 'trailer', 'upgrade', 'transfer-encoding'],
  ...['proxy-authorization', 'proxy-authenticate', 'proxy-authentication-info', 'proxy-support', 'http2-settings'],
];
const OF_THE_BODY = ['content-length'];
/** The forwarder writes these itself. */
const OWN = ['host', 'via', 'expect'];

/** Returns the fields of a head that are forwarded, as `Name: value`. */
export function forwardedFields(head: MessageHead, isRequest: boolean): string[] {
  const dropped = new Set([...OF_ONE_CONNECTION, ...OF_THE_BODY, ...head.list('connection')]);
  for (const name of isRequest ? OWN : ['via']) dropped.add(name);
  const lines: string[] = [];
  for (let i = 0; i + 1 < head.raw.length; i += 2) {
    const name = head.raw[i] as string;
    if (!dropped.has(name.toLowerCase())) lines.push(`${name}: ${head.raw[i + 1]}`);
  }
  return lines;
}

/** Returns the line of Via with this proxy behind those that the message has passed. */
export function viaLine(head: MessageHead & { readonly isVersion10: boolean }, pseudonym: string): string {
  const received = head.all('via').filter((value) => value !== '');
  return `Via: ${[...received, `${head.isVersion10 ? '1.0' : '1.1'} ${pseudonym}`].join(', ')}`;
}

/**
 * Returns the line by which a client learns that its connection can be authenticated (RFC 4559 section 6): each client has separate
 * connections, so this depends on the next proxy only.
 */
export function proxySupportLines(head: MessageHead, isDirect: boolean): readonly string[] {
  const asks = head.list('www-authenticate').some((value) => /^(?:negotiate|ntlm)\b/.test(value));
  const isKept = isDirect || head.list('proxy-support').includes(SESSION_BASED.toLowerCase());
  return asks && isKept ? [`Proxy-Support: ${SESSION_BASED}`] : [];
}

const SESSION_BASED = 'Session-Based-Authentication';

/** Returns whether a message has passed this proxy before. */
export function hasPassed(head: MessageHead, pseudonym: string): boolean {
  return head.list('via').some((entry) => entry.split(/[ \t]+/).includes(pseudonym));
}
