/** Parses typed lines. */

export type Line =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Buffer }
  | { readonly kind: 'ping' | 'abort' | 'help' }
  | { readonly kind: 'close'; readonly code: number | undefined; readonly reason: string | undefined }
  /** `message` describes the error. */
  | { readonly kind: 'invalid'; readonly message: string };

export const HELP = `A line is sent as text; one that begins with // without the first /.
  /binary HEX              send bytes, such as /binary 00ff
  /ping                    ping, and tell how long the pong took
  /close [code] [reason]   close the connection (default: 1000)
  /abort                   end it at once, without a close handshake
  /help                    this text
`;

/** Parses a line of the conversation. */
export function parseLine(line: string): Line {
  if (!line.startsWith('/')) return { kind: 'text', text: line };
  if (line.startsWith('//')) return { kind: 'text', text: line.slice(1) };
  const [, command, rest = ''] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
  switch (command) {
    case 'binary':
      return parseBinary(rest);
    case 'close':
      return parseClose(rest);
    case 'ping':
    case 'abort':
    case 'help':
      return rest === '' ? { kind: command } : { kind: 'invalid', message: `/${command} takes nothing` };
    default:
      return { kind: 'invalid', message: `there is no command /${command}: /help lists them, // sends a /` };
  }
}

function parseBinary(text: string): Line {
  const digits = text.replace(/\s+/g, '');
  if (!/^(?:[\da-f]{2})*$/i.test(digits))
    return { kind: 'invalid', message: '/binary takes pairs of hexadecimal digits' };
  return { kind: 'binary', bytes: Buffer.from(digits, 'hex') };
}

function parseClose(text: string): Line {
  if (text === '') return { kind: 'close', code: undefined, reason: undefined };
  const [, code, reason] = /^(\d{1,5})(?:\s+(.*))?$/s.exec(text) ?? [];
  if (code === undefined) return { kind: 'invalid', message: '/close takes a number, then the reason' };
  return { kind: 'close', code: Number(code), reason };
}
