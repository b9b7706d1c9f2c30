/** Validates the options of `resolveProxy`. */
import { argumentOutOfRange, invalidArgumentType, invalidArgumentValue } from '../errors.ts';
import { validateObject, validateSignal } from '../options.ts';
import { validUrl } from '../valid-url.ts';
import { splitBypassList } from './bypass-list.ts';
import { parseProxyMap } from './proxy-map.ts';
import { NO_SETTINGS, type ProxySettings } from './proxy-settings.ts';

/** A parsed source: the caller's script or proxy, or the name of a source. */
export type ParsedSource =
  | 'environment-then-system'
  | 'system'
  | 'environment'
  | { readonly pac: URL }
  | { readonly settings: ProxySettings };

export interface ParsedOptions {
  readonly backend: unknown;
  readonly from: ParsedSource;
  /** Milliseconds; may be Infinity. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

const DEFAULT_TIMEOUT = 5_000;
const KNOWN_OPTIONS = ['backend', 'from', 'signal', 'timeout'];

/** @throws {TypeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE; {RangeError} for the timeout. */
export function parseResolveOptions(options: unknown): ParsedOptions {
  const given = validateObject(options, 'options', { names: KNOWN_OPTIONS });
  const { backend, from, signal, timeout = DEFAULT_TIMEOUT } = given;
  if (typeof timeout !== 'number') throw invalidArgumentType('timeout', 'a number of milliseconds', timeout);
  if (!(timeout > 0)) throw argumentOutOfRange('timeout', 'more than 0 milliseconds', timeout);
  return { backend, from: parseProxySource(from), timeout, signal: validateSignal(signal) };
}

const NAMES = ['environment-then-system', 'system', 'environment'] as const;

/** @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE for a value that is not a ProxySource. */
export function parseProxySource(from: unknown, option = 'from'): ParsedSource {
  if (from === undefined) return NAMES[0];
  const name = NAMES.find((each) => each === from);
  if (name !== undefined) return name;
  const expected = `${NAMES.map((each) => `'${each}'`).join(', ')}, { pac } or { proxy, bypass }`;
  if (typeof from === 'string') throw invalidArgumentValue(option, expected, from);
  if (typeof from !== 'object' || from === null) throw invalidArgumentType(option, expected, from);
  const { pac, proxy, bypass } = validateObject(from, option, {
    names: ['pac', 'proxy', 'bypass'],
    instead: { pacUrl: 'pac' },
  });
  if ((pac === undefined) === (proxy === undefined))
    throw invalidArgumentValue(option, 'either { pac } or { proxy }', from);
  return pac === undefined ? { settings: parseStatic(proxy, bypass, option) } : { pac: parsePacUrl(pac, option) };
}

const PAC_SCHEMES = ['http:', 'https:', 'file:', 'data:'];

function parsePacUrl(pac: unknown, option: string): URL {
  if (typeof pac !== 'string' && !(pac instanceof URL)) throw invalidArgumentType(`${option}.pac`, 'a URL', pac);
  const url = validUrl(String(pac));
  if (url && PAC_SCHEMES.includes(url.protocol)) return url;
  throw invalidArgumentValue(
    `${option}.pac`,
    `a URL with ${PAC_SCHEMES.join(', ')}`,
    url ? url.protocol : 'another string',
  );
}

function parseStatic(proxy: unknown, bypass: unknown, option: string): ProxySettings {
  if (typeof proxy !== 'string') throw invalidArgumentType(`${option}.proxy`, 'a string', proxy);
  const { http, https, invalid } = parseProxyMap(proxy);
  if (invalid.length > 0 || (!http && !https)) {
    const expected = "'host:port', a proxy URL or 'http=host:port;https=host:port;socks=host:port'";
    throw invalidArgumentValue(`${option}.proxy`, expected, invalid[0] ?? 'an empty list');
  }
  const list = bypass ?? [];
  if (!Array.isArray(list) || list.some((entry) => typeof entry !== 'string')) {
    throw invalidArgumentType(`${option}.bypass`, 'an array of strings', bypass);
  }
  return { ...NO_SETTINGS, source: 'option', proxy, bypass: list.flatMap(splitBypassList) };
}
