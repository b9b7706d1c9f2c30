/**
 * The options of a request object: types, defaults and conversions. Source: Microsoft, WinHttpRequestOption
 * enumeration.
 */
import { HResult } from '../../hresult.ts';
import type { OptionValue } from '../request-object.ts';
import { WinHttpRequestOption as Option } from '../request-option.ts';
import { UTF_8 } from './code-page.ts';
import { isFieldValue } from './headers.ts';

const DEFAULT_USER_AGENT = 'Mozilla/4.0 (compatible; Win32; WinHttp.WinHttpRequest.5)';
/** SSL 3.0 to TLS 1.2, the default (Microsoft, Option Flags (Winhttp.h)); here it means the default of Node.js. */
export const DEFAULT_PROTOCOLS = 0x0aa0;

const IGNORABLE = 0x3300;
const ALL_URL_TEXT = /^utf-?8$/i;

const DEFAULTS: readonly OptionValue[] = [
  DEFAULT_USER_AGENT,
  '',
  UTF_8,
  false,
  0,
  '',
  true,
  false,
  false,
  DEFAULT_PROTOCOLS,
  false,
  true,
  false,
  false,
  10,
  65_536,
  1_048_576,
  true,
  false,
  false,
];

/** The option values of one object. A method that fails returns the HRESULT and changes nothing. */
export class Options {
  readonly #values: OptionValue[] = [...DEFAULTS];

  text(id: number): string {
    return this.#values[id] as string;
  }

  number(id: number): number {
    return this.#values[id] as number;
  }

  flag(id: number): boolean {
    return this.#values[id] as boolean;
  }

  has(id: number): boolean {
    return id >= 0 && id < DEFAULTS.length;
  }

  get(id: number): OptionValue {
    return this.#values[id] as OptionValue;
  }

  /** Returns 0, or the HRESULT of an invalid value. */
  set(id: number, value: OptionValue): number {
    if (!this.has(id)) return HResult.E_INVALIDARG;
    if (id === Option.URL) return HResult.ERROR_WINHTTP_OPTION_NOT_SETTABLE;
    const coerced = coerce(id, value);
    if (coerced === undefined) return HResult.DISP_E_TYPEMISMATCH;
    if (!isAllowed(id, coerced)) return HResult.E_INVALIDARG;
    this.#values[id] = coerced;
    return 0;
  }
}

function coerce(id: number, value: OptionValue): OptionValue | undefined {
  const type = typeof DEFAULTS[id];
  if (type === 'string') return String(value);
  if (type === 'boolean') return toBoolean(value);
  if (id === Option.URLCodePage && typeof value === 'string' && ALL_URL_TEXT.test(value)) return UTF_8;
  return toLong(value);
}

/** Converts as VariantChangeType to VT_I4 does; an unsigned value keeps its bits. */
function toLong(value: OptionValue): number | undefined {
  if (typeof value === 'boolean') return value ? -1 : 0;
  const number = typeof value === 'number' ? value : numberOf(value);
  if (number === undefined || number < -0x80000000 || number > 0xffffffff) return undefined;
  return Math.round(number) | 0;
}

function toBoolean(value: OptionValue): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (/^true$/i.test(value)) return true;
  if (/^false$/i.test(value)) return false;
  const number = numberOf(value);
  return number === undefined ? undefined : number !== 0;
}

function numberOf(text: string): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function isAllowed(id: number, value: OptionValue): boolean {
  if (id === Option.UserAgentString) return isFieldValue(value as string);
  if (id === Option.SslErrorIgnoreFlags) return ((value as number) & ~IGNORABLE) === 0;
  if (id >= Option.MaxAutomaticRedirects && id <= Option.MaxResponseDrainSize) return (value as number) >= 0;
  return true;
}
