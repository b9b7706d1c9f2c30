/** The channel binding of a TLS connection. Source: RFC 5929 section 4, tls-server-end-point. */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

const PREFIX = Buffer.from('tls-server-end-point:', 'latin1');

/** The hash by the certificate's signature algorithm; MD5 and SHA-1 are replaced by SHA-256. */
const HASHES: Readonly<Record<string, string>> = {
  // RSA with MD2, MD5, SHA-1, SHA-256, SHA-384, SHA-512, SHA-224 (RFC 8017 appendix A.2.4).
  '2a864886f70d010102': 'sha256',
  '2a864886f70d010104': 'sha256',
  '2a864886f70d010105': 'sha256',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a864886f70d01010e': 'sha224',
  '2a864886f70d01010f': 'sha512-224',
  '2a864886f70d010110': 'sha512-256',
  // RSA and DSA with SHA-1, of OIW.
  '2b0e03021d': 'sha256',
  '2b0e03020d': 'sha256',
  '2b0e03021b': 'sha256',
  // ECDSA with SHA-1, SHA-224, SHA-256, SHA-384, SHA-512 (RFC 5758 section 3.2).
  '2a8648ce3d0401': 'sha256',
  '2a8648ce3d040301': 'sha224',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  // DSA with SHA-1, SHA-224, SHA-256, SHA-384, SHA-512.
  '2a8648ce380403': 'sha256',
  '608648016503040301': 'sha224',
  '608648016503040302': 'sha256',
  '608648016503040303': 'sha384',
  '608648016503040304': 'sha512',
  // ECDSA and RSA with SHA3-224, -256, -384, -512.
  '608648016503040309': 'sha3-224',
  '60864801650304030a': 'sha3-256',
  '60864801650304030b': 'sha3-384',
  '60864801650304030c': 'sha3-512',
  '60864801650304030d': 'sha3-224',
  '60864801650304030e': 'sha3-256',
  '60864801650304030f': 'sha3-384',
  '608648016503040310': 'sha3-512',
};

const RSASSA_PSS = '2a864886f70d01010a';

/** Hash functions, as the parameters of RSASSA-PSS name them (RFC 8017 appendix A.2.3). */
const PSS_HASHES: Readonly<Record<string, string>> = {
  '2b0e03021a': 'sha256',
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
  '608648016503040204': 'sha224',
  '608648016503040205': 'sha512-224',
  '608648016503040206': 'sha512-256',
  '608648016503040207': 'sha3-224',
  '608648016503040208': 'sha3-256',
  '608648016503040209': 'sha3-384',
  '60864801650304020a': 'sha3-512',
};

/**
 * Returns the application data of the binding, `tls-server-end-point:` and the hash of the peer's certificate. Undefined
 * without TLS, and for a signature algorithm without a separate hash function, such as EdDSA.
 */
export function channelBindingOf(socket: Socket | undefined): Buffer | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  // Null if the connection has been closed since, which @types/node does not know.
  const certificate = (socket.getPeerCertificate() as { raw?: Buffer } | null)?.raw;
  return certificate && bindingOfCertificate(certificate);
}

/** Returns the application data of the binding for a certificate in DER. */
export function bindingOfCertificate(certificate: Buffer): Buffer | undefined {
  const name = hashOf(certificate);
  return name === undefined ? undefined : Buffer.concat([PREFIX, createHash(name).update(certificate).digest()]);
}

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OBJECT IDENTIFIER, parameters }, … } */
function hashOf(certificate: Buffer): string | undefined {
  const outer = elementAt(certificate, 0);
  const signed = outer && elementAt(outer.content, 0);
  const algorithm = outer && signed && elementAt(outer.content, signed.end);
  const identifier = algorithm && elementAt(algorithm.content, 0);
  if (!algorithm || identifier?.tag !== Tag.objectIdentifier) return undefined;
  const name = identifier.content.toString('hex');
  return name === RSASSA_PSS ? pssHashOf(elementAt(algorithm.content, identifier.end)) : HASHES[name];
}

/** RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] HashAlgorithm DEFAULT sha1, … } */
function pssHashOf(parameters: Element | undefined): string | undefined {
  const first = parameters && elementAt(parameters.content, 0);
  if (first?.tag !== Tag.context0) return 'sha256';
  const algorithm = elementAt(first.content, 0);
  const identifier = algorithm && elementAt(algorithm.content, 0);
  return identifier && PSS_HASHES[identifier.content.toString('hex')];
}

const Tag = { objectIdentifier: 0x06, context0: 0xa0 } as const;

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** The position behind it. */
  readonly end: number;
}

/** Reads an element of DER (X.690 section 8.1); undefined if the bytes end before. */
function elementAt(bytes: Buffer, start: number): Element | undefined {
  const [tag, first] = [bytes[start], bytes[start + 1]];
  if (tag === undefined || first === undefined) return undefined;
  const size = first < 0x80 ? 0 : first & 0x7f;
  const begin = start + 2 + size;
  if (size > 4 || begin > bytes.length) return undefined;
  const length = size === 0 ? first : bytes.readUIntBE(start + 2, size);
  const end = begin + length;
  return end > bytes.length ? undefined : { tag, content: bytes.subarray(begin, end), end };
}
