/** Validates the arguments of `WinHttpRequest` and converts them into plain values; limits and their defaults. */
import { copyBytes, isBytes } from '../../bytes.ts';
import { argumentOutOfRange, invalidArgumentType } from '../../errors.ts';
import { unknownName } from '../../known-options.ts';
import { validateInteger, validateLimits, validateObject } from '../../options.ts';
import type { AsyncMode, ClientCertificate, OptionValue, RequestSpec, WinHttpLimits } from '../request-object.ts';
import { WinHttpRequestOption } from './winhttp-types.ts';

const MEBIBYTE = 1024 * 1024;

const DEFAULT_LIMITS: WinHttpLimits = {
  responseMemory: 16 * MEBIBYTE,
  responseBody: 256 * MEBIBYTE,
  responseText: 128 * MEBIBYTE,
  requestBody: 256 * MEBIBYTE,
};

// CR and LF would inject a header or a request, NUL ends a Windows string.
const INJECTING = /[\0\r\n]/;

/** Validates a string that cannot inject; `undefined` and `null` are NULL. */
export function validateBstr(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  return validateText(value, name);
}

/** Validates a string that cannot inject. */
export function validateText(value: unknown, name: string): string {
  if (typeof value !== 'string') {
    throw invalidArgumentType(name, value instanceof URL ? 'a string, such as url.href' : 'a string', value);
  }
  if (INJECTING.test(value)) {
    const error = new TypeError(`The "${name}" argument must not contain CR, LF or NUL.`);
    throw Object.assign(error, { code: 'ERR_INVALID_CHAR' });
  }
  return value;
}

/** Validates a 32-bit number, signed or unsigned; the object checks its meaning. */
export function validateLong(value: unknown, name: string): number {
  if (typeof value !== 'number') throw invalidArgumentType(name, 'a number', value);
  if (!(Number.isInteger(value) && value >= -0x80000000 && value <= 0xffffffff)) {
    throw argumentOutOfRange(name, 'an integer of 32 bits', value);
  }
  return value;
}

export function validateAsyncMode(value: unknown): AsyncMode {
  if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return value;
  throw invalidArgumentType('async', 'a boolean', value);
}

/** Returns the id of an option, given as id or name. */
export function parseOption(value: unknown): number {
  if (typeof value !== 'string') return validateLong(value, 'option');
  if (!Object.hasOwn(WinHttpRequestOption, value))
    throw unknownName(value, { names: Object.keys(WinHttpRequestOption) });
  return WinHttpRequestOption[value as keyof typeof WinHttpRequestOption];
}

export function validateOptionValue(value: unknown): OptionValue {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return validateText(value, 'value');
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalidArgumentType('value', 'a string, a finite number or a boolean', value);
}

/** Converts seconds to milliseconds; `undefined` means no limit. Source: RQ statements on the coercion of Timeout. */
export function secondsToMilliseconds(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw invalidArgumentType('seconds', 'a number', value);
  if (Number.isNaN(value)) throw argumentOutOfRange('seconds', 'a number of seconds', value);
  const milliseconds = Math.round(value * 1000);
  return milliseconds < 0 || milliseconds === Number.POSITIVE_INFINITY ? undefined : milliseconds;
}

/** Returns the defaults, overridden by the caller's limits. */
export function requestLimits(given: unknown): WinHttpLimits {
  return validateLimits(given, DEFAULT_LIMITS, (value, name) =>
    // The addon takes an integer; no response is larger.
    Math.min(validateInteger(value, name, 0), Number.MAX_SAFE_INTEGER),
  );
}

const CERTIFICATE = {
  names: ['cert', 'key', 'pfx', 'passphrase'],
  instead: { certificate: 'cert', privateKey: 'key', password: 'passphrase', p12: 'pfx' },
};

/** Validates a selection string, NULL, or a certificate with its key. */
export function validateCertificate(value: unknown): string | null | ClientCertificate {
  if (typeof value !== 'object' || value === null) return validateBstr(value, 'certificate');
  const { pfx, cert, key, passphrase } = validateObject(value, 'certificate', CERTIFICATE);
  const secret = passphrase === undefined ? {} : { passphrase: validateString(passphrase, 'certificate.passphrase') };
  if (pfx !== undefined) return { pfx: validatePem(pfx, 'certificate.pfx'), ...secret };
  return { cert: validatePem(cert, 'certificate.cert'), key: validatePem(key, 'certificate.key'), ...secret };
}

function validateString(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidArgumentType(name, 'a string', value);
  return value;
}

function validatePem(value: unknown, name: string): string | Uint8Array {
  if (typeof value === 'string') return value;
  if (isBytes(value)) return copyBytes(value, name);
  throw invalidArgumentType(name, 'a string or bytes', value);
}

const PROXY = { names: ['setting', 'server', 'bypass'], example: '{ server: "host:port" }' };

/** Validates the arguments of SetProxy; the setting is PROXY if `server` is set. */
export function normalizeProxy(proxy: unknown): NonNullable<RequestSpec['proxy']> {
  const { setting, server, bypass } = validateObject(proxy, 'proxy', PROXY);
  const named = server === undefined ? undefined : validateText(server, 'proxy.server');
  const number = setting === undefined ? (named === undefined ? 0 : 2) : validateLong(setting, 'proxy.setting');
  return [number, named, bypass === undefined ? undefined : validateText(bypass, 'proxy.bypass')];
}
