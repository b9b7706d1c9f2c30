/** Validates the arguments of `WinHttpRequest` and turns them into plain values; limits and their defaults. */
import { copyBytes, isBytes } from '../../bytes.ts';
import { argumentOutOfRange, invalidArgumentType, invalidArgumentValue } from '../../errors.ts';
import { validateInteger, validateLimits } from '../../options.ts';
import type { AsyncMode, ClientCertificate, OptionValue, WinHttpLimits } from '../request-object.ts';
import { WinHttpRequestOption } from './winhttp-types.ts';

const MEBIBYTE = 1024 * 1024;

const DEFAULT_LIMITS: WinHttpLimits = {
  responseMemory: 16 * MEBIBYTE,
  responseBody: 256 * MEBIBYTE,
  responseText: 128 * MEBIBYTE,
  requestBody: 256 * MEBIBYTE,
};

// CR and LF would inject a header or a request, NUL ends a string of Windows.
const INJECTING = /[\0\r\n]/;

/** A string that must not inject; `undefined` and `null` are NULL. */
export function readBstr(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  return readText(value, name);
}

/** A string that must not inject. */
export function readText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidArgumentType(name, 'a string', value);
  if (INJECTING.test(value)) {
    const error = new TypeError(`The "${name}" argument must not contain CR, LF or NUL.`);
    throw Object.assign(error, { code: 'ERR_INVALID_CHAR' });
  }
  return value;
}

/** A number of 32 bits, signed or unsigned: what it means is the object's to say. */
export function readLong(value: unknown, name: string): number {
  if (typeof value !== 'number') throw invalidArgumentType(name, 'a number', value);
  if (!(Number.isInteger(value) && value >= -0x80000000 && value <= 0xffffffff)) {
    throw argumentOutOfRange(name, 'an integer of 32 bits', value);
  }
  return value;
}

export function readAsyncMode(value: unknown): AsyncMode {
  if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return value;
  throw invalidArgumentType('async', 'a boolean', value);
}

/** The id of an option that is given as id or name. */
export function readOption(value: unknown): number {
  if (typeof value !== 'string') return readLong(value, 'option');
  if (!Object.hasOwn(WinHttpRequestOption, value)) throw invalidArgumentValue('option', 'the name of an option', value);
  return WinHttpRequestOption[value as keyof typeof WinHttpRequestOption];
}

export function readOptionValue(value: unknown): OptionValue {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return readText(value, 'value');
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalidArgumentType('value', 'a string, a finite number or a boolean', value);
}

/** Seconds as milliseconds, `undefined` for a wait without end. Source: RQ statements on the coercion of Timeout. */
export function readSeconds(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw invalidArgumentType('seconds', 'a number', value);
  if (Number.isNaN(value)) throw argumentOutOfRange('seconds', 'a number of seconds', value);
  const milliseconds = Math.round(value * 1000);
  return milliseconds < 0 || milliseconds === Number.POSITIVE_INFINITY ? undefined : milliseconds;
}

/** Returns the defaults with a caller's limits over them. */
export function requestLimits(given: unknown): WinHttpLimits {
  return validateLimits(given, DEFAULT_LIMITS, (value, name) =>
    // The addon takes an integer; no response has so many bytes.
    Math.min(validateInteger(value, name, 0), Number.MAX_SAFE_INTEGER),
  );
}

/** A selection string, NULL, or a certificate with its key. */
export function readCertificate(value: unknown): string | null | ClientCertificate {
  if (typeof value !== 'object' || value === null) return readBstr(value, 'certificate');
  const { pfx, cert, key, passphrase } = value as Record<string, unknown>;
  const secret = passphrase === undefined ? {} : { passphrase: readPlainString(passphrase, 'certificate.passphrase') };
  if (pfx !== undefined) return { pfx: readPem(pfx, 'certificate.pfx'), ...secret };
  return { cert: readPem(cert, 'certificate.cert'), key: readPem(key, 'certificate.key'), ...secret };
}

function readPlainString(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidArgumentType(name, 'a string', value);
  return value;
}

function readPem(value: unknown, name: string): string | Uint8Array {
  if (typeof value === 'string') return value;
  if (isBytes(value)) return copyBytes(value, name);
  throw invalidArgumentType(name, 'a string or bytes', value);
}
