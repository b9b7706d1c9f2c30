// Self-signed certificates for the tested servers, created on demand.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

const Tag = {
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  OBJECT_IDENTIFIER: 0x06,
  UTF8_STRING: 0x0c,
  UTC_TIME: 0x17,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

const Oid = {
  ECDSA_WITH_SHA256: '2a8648ce3d040302',
  COMMON_NAME: '550403',
  SUBJECT_ALT_NAME: '551d11',
} as const;

/** X.690 section 8: tag, length, contents. */
function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const header =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

const oid = (hex: string) => der(Tag.OBJECT_IDENTIFIER, Buffer.from(hex, 'hex'));
const sequence = (...contents: Uint8Array[]) => der(Tag.SEQUENCE, ...contents);
const bitString = (bytes: Uint8Array) => der(Tag.BIT_STRING, Uint8Array.of(0), bytes);

function name(commonName: string): Buffer {
  const attribute = sequence(oid(Oid.COMMON_NAME), der(Tag.UTF8_STRING, Buffer.from(commonName)));
  return sequence(der(Tag.SET, attribute));
}

/** RFC 5280 section 4.1.2.5.1: YYMMDDHHMMSSZ. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return der(Tag.UTC_TIME, Buffer.from(`${digits}Z`));
}

interface CertificateOptions {
  /** The host of the certificate; default 127.0.0.1. */
  host?: string;
  /** Its validity, in years from now. */
  years?: readonly [from: number, to: number];
}

function yearsFromNow(years: number): Date {
  const date = new Date();
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date;
}

/** RFC 5280 section 4.2.1.6: dNSName, or iPAddress for the loopback address. */
function subjectAltName(host: string): Buffer {
  const general = host === '127.0.0.1' ? der(0x87, Uint8Array.of(127, 0, 0, 1)) : der(0x82, Buffer.from(host));
  return sequence(oid(Oid.SUBJECT_ALT_NAME), der(Tag.OCTET_STRING, sequence(general)));
}

/** RFC 5280 section 4.1, version 3. */
function certificate(publicKey: KeyObject, privateKey: KeyObject, options: CertificateOptions): Buffer {
  const { host = '127.0.0.1', years: [from, to] = [-1, 1] } = options;
  const algorithm = sequence(oid(Oid.ECDSA_WITH_SHA256));
  const body = sequence(
    der(0xa0, der(Tag.INTEGER, Uint8Array.of(2))),
    der(Tag.INTEGER, Uint8Array.of(1)),
    algorithm,
    name(host),
    sequence(time(yearsFromNow(from)), time(yearsFromNow(to))),
    name(host),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(subjectAltName(host))),
  );
  return sequence(body, algorithm, bitString(sign('sha256', body, privateKey)));
}

function credentials(options: CertificateOptions = {}): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const lines =
    certificate(publicKey, privateKey, options)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  const cert = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
}

/** Not trusted, but valid for this host and time. */
export const untrusted = () => credentials();
export const expired = () => credentials({ years: [-2, -1] });
export const wrongName = () => credentials({ host: 'elsewhere.test' });
