/** The option `credentials` as a map of origins and patterns. */
import { invalidArgumentType, invalidArgumentValue, invalidOptions } from '../errors.ts';
import { shownText } from '../shown-text.ts';
import { validUrl } from '../valid-url.ts';
import type { CredentialAnswer } from './auth-types.ts';

/** An entry of the map: an origin, or all hosts below a domain. */
interface OriginEntry {
  readonly secure: boolean;
  /** In lower case, without brackets; of a pattern the domain with a leading dot. */
  readonly host: string;
  readonly port: number;
  readonly isPattern: boolean;
  readonly answer: CredentialAnswer;
}

/** A server, as the map is asked for it. */
export interface ServerOrigin {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

const MAP_EXAMPLE = "{ 'https://*.corp.example': 'default' }";

/** `https://host`, `https://*.domain`, with a port; ws: and wss: are http: and https:. No path, query or user. */
const KEY = /^(https?|wss?):\/\/(\*\.)?(\[[\da-f:.]+\]|[^\s/?#@:*[\]\\]+)(?::(\d{1,5}))?\/?$/i;

/** The credentials of servers by origin. */
export class OriginMap {
  readonly #entries: readonly OriginEntry[];

  /** `readAnswer` validates a value; its second argument is the name for errors. */
  constructor(map: object, readAnswer: (value: unknown, name: string) => CredentialAnswer) {
    this.#entries = Object.entries(map).map(([key, value]) => {
      // Parsed first: an object with a user and password in place of the map must get the error that shows the map.
      const place = parseKey(key);
      return { ...place, answer: readAnswer(value, `credentials['${key}']`) };
    });
  }

  /** Returns the answer for a server: an exact origin goes before a pattern, and a longer pattern before a shorter one. */
  answerFor({ host, port, secure }: ServerOrigin): CredentialAnswer {
    const name = host.toLowerCase();
    const fits = this.#entries.filter((entry) => {
      if (entry.secure !== secure || entry.port !== port) return false;
      return entry.isPattern ? name.length > entry.host.length && name.endsWith(entry.host) : name === entry.host;
    });
    fits.sort((a, b) => Number(a.isPattern) - Number(b.isPattern) || b.host.length - a.host.length);
    return fits[0]?.answer ?? 'none';
  }
}

function parseKey(key: string): Omit<OriginEntry, 'answer'> {
  const [, scheme = '', wildcard, place = '', digits] = KEY.exec(key) ?? [];
  const secure = /s$/i.test(scheme);
  const port = digits === undefined ? (secure ? 443 : 80) : Number(digits);
  const host = hostOf(place);
  if (host === undefined || port < 1 || port > 0xffff) {
    const expected = `origins 'https://host:port' and patterns 'https://*.domain', such as ${MAP_EXAMPLE}`;
    throw invalidOptions(`The keys of "credentials" must be ${expected}. Received ${JSON.stringify(shownText(key))}.`);
  }
  const isPattern = wildcard !== undefined;
  return { secure, port, isPattern, host: isPattern ? `.${host}` : host };
}

/** Returns the host as the class URL spells it, without brackets: in lower case, IDN names in Punycode. */
function hostOf(text: string): string | undefined {
  if (text === '') return undefined;
  return validUrl(`http://${text}`)?.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The error for the bare word 'default', or another value in place of the map. */
export function notAMap(value: unknown): TypeError {
  const expected = `'none', a function, or a map that names the servers: ${MAP_EXAMPLE}`;
  return typeof value === 'string'
    ? invalidArgumentValue('credentials', expected, value)
    : invalidArgumentType('credentials', expected, value);
}
