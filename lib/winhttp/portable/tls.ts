/** TLS over a connection: protocols, client certificate, and ignored certificate errors. */
import { constants, type X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { type CertificateFacts, factsOf, isCertificateCode, keepCertificate } from '../../certificate-fault.ts';
import { HResult } from '../../hresult.ts';
import type { ClientCertificate } from '../request-object.ts';
import type { Cancellation } from './cancellation.ts';
import { chainOf, isForServers, isTrusted } from './certificate-trust.ts';
import { DEFAULT_PROTOCOLS } from './option-values.ts';
import { startLimit } from './timeouts.ts';
import {
  certificateFailure,
  codeOf,
  type Peer,
  peerText,
  sendFailure,
  timedOut,
  tlsFailure,
} from './transport-failure.ts';

/** The TLS settings of an object. */
export interface TlsSettings {
  /** Option 4. */
  readonly ignored: number;
  /** Option 9. */
  readonly protocols: number;
  /** Option 18. */
  readonly checksRevocation: boolean;
  readonly certificate: ClientCertificate | undefined;
}

const Ignored = { unknownCa: 0x0100, wrongUsage: 0x0200, name: 0x1000, date: 0x2000 } as const;
const Protocol = { tls1: 0x0080, tls1_1: 0x0200, tls1_2: 0x0800, tls1_3: 0x2000 } as const;

const CHAIN_ERROR = /SELF_SIGNED|ISSUER|LEAF|UNTRUSTED|CERT_REJECTED|INVALID_CA|CERT_CHAIN/;
const DATE_ERROR = /EXPIRED|NOT_YET_VALID/;

/** Performs the handshake within a time limit. After a cancellation the promise may never settle. */
export function startTls(
  socket: Socket,
  peer: Peer,
  settings: TlsSettings,
  limit: number,
  cancellation: Cancellation,
): Promise<TLSSocket> {
  if (settings.checksRevocation) {
    socket.destroy();
    const detail = "only the backend 'system' can look up whether a certificate is revoked";
    return Promise.reject(sendFailure(HResult.ERROR_WINHTTP_SECURE_CERT_REV_FAILED, detail));
  }
  return new Promise((resolve, reject) => {
    let secure: TLSSocket | undefined;
    const fail = (error: Error) => {
      clearTimeout(timer);
      secure?.destroy();
      socket.destroy();
      reject(error);
    };
    const timer = startLimit(limit, () => fail(timedOut(`the TLS handshake with ${peerText(peer)}`, limit)));
    try {
      secure = connect(optionsFor(socket, peer.host, settings));
    } catch (error) {
      fail(sendFailure(HResult.ERROR_WINHTTP_SECURE_CHANNEL_ERROR, (error as Error).message, error));
      return;
    }
    // With ignored errors the chain is read later, and only then.
    const kept = settings.ignored === 0 ? keepCertificate(secure) : () => [];
    // This listener stays, as that of the socket does.
    secure.on('error', (error) => {
      const code = codeOf(error);
      if (isCertificateCode(code)) fail(certificateFailure(code, peer, kept(), error));
      else fail(tlsFailure(error, peer, settings.certificate === undefined && hasFlight(secure)));
    });
    secure.once('secureConnect', () => {
      const fault = faultOf(secure as TLSSocket, peer.host, settings.ignored);
      if (fault) return void fail(certificateFailure(fault.code, peer, fault.chain));
      clearTimeout(timer);
      cancellation.onCancel(undefined);
      resolve(secure as TLSSocket);
    });
    cancellation.onCancel(() => fail(sendFailure(HResult.ERROR_WINHTTP_OPERATION_CANCELLED)));
  });
}

/** Whether the server's certificate has arrived. */
const hasFlight = (secure: TLSSocket | undefined): boolean =>
  Object.keys(secure?.getPeerCertificate() ?? {}).length > 0;

function optionsFor(socket: Socket, host: string, { ignored, protocols, certificate }: TlsSettings): ConnectionOptions {
  // RFC 6066 section 3: the name has no trailing dot, and is not an address.
  const bare = host.replace(/\.$/, '');
  const name = isIP(bare) === 0 ? bare : '';
  return {
    socket,
    host,
    ...(name === '' ? {} : { servername: name }),
    ALPNProtocols: ['http/1.1'],
    // If errors are ignored, the certificate is checked after the handshake.
    rejectUnauthorized: ignored === 0,
    ...protocolOptions(protocols),
    ...certificateOptions(certificate),
  };
}

function certificateOptions(certificate: ClientCertificate | undefined): ConnectionOptions {
  if (certificate === undefined) return {};
  const { passphrase } = certificate;
  const secret = passphrase === undefined ? {} : { passphrase };
  if ('pfx' in certificate) return { pfx: bytesOf(certificate.pfx), ...secret };
  return { cert: bytesOf(certificate.cert), key: bytesOf(certificate.key), ...secret };
}

const bytesOf = (text: string | Uint8Array): string | Buffer => (typeof text === 'string' ? text : Buffer.from(text));

/** Returns the TLS versions for Node.js; omits those that it no longer supports (SSL 2.0, SSL 3.0). */
function protocolOptions(protocols: number): ConnectionOptions {
  if (protocols === DEFAULT_PROTOCOLS) return {};
  const { SSL_OP_NO_TLSv1, SSL_OP_NO_TLSv1_1, SSL_OP_NO_TLSv1_2, SSL_OP_NO_TLSv1_3 } = constants;
  const versions = [
    [Protocol.tls1, 'TLSv1', SSL_OP_NO_TLSv1],
    [Protocol.tls1_1, 'TLSv1.1', SSL_OP_NO_TLSv1_1],
    [Protocol.tls1_2, 'TLSv1.2', SSL_OP_NO_TLSv1_2],
    [Protocol.tls1_3, 'TLSv1.3', SSL_OP_NO_TLSv1_3],
  ] as const;
  const wanted = versions.filter(([bit]) => (protocols & bit) !== 0).map(([, name]) => name);
  const [min, max] = [wanted[0], wanted.at(-1)];
  if (min === undefined || max === undefined) throw new Error('no protocol is left that this platform has');
  const unwanted = versions.filter(([bit]) => (protocols & bit) === 0);
  const secureOptions = unwanted.reduce((all, [, , option]) => all | option, 0);
  return { minVersion: min, maxVersion: max, secureOptions };
}

interface Fault {
  readonly code: string;
  readonly chain: readonly CertificateFacts[];
}

function faultOf(socket: TLSSocket, host: string, ignored: number): Fault | undefined {
  // The handshake itself has checked everything.
  if (ignored === 0) return undefined;
  const chain = chainOf(socket);
  const code = faultCodeOf(socket, host, ignored, chain);
  return code === undefined ? undefined : { code, chain: chain.map((one) => factsOf(one.toLegacyObject())) };
}

/** Returns the first error of the server's certificate that is not ignored. */
function faultCodeOf(
  socket: TLSSocket,
  host: string,
  ignored: number,
  chain: readonly X509Certificate[],
): string | undefined {
  const [certificate] = chain;
  if (!certificate) return 'NO_CERTIFICATE';
  const error = codeOf({ code: socket.authorizationError as unknown });
  const passes = (flag: number) => (ignored & flag) !== 0;
  // OpenSSL reports only the last error: the others are checked here.
  if (!passes(Ignored.unknownCa)) {
    if (CHAIN_ERROR.test(error)) return error;
    if (error !== '' && !isTrusted(socket, chain)) return 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
  }
  const dateError = chain.map(dateErrorOf).find(Boolean) ?? (DATE_ERROR.test(error) ? error : undefined);
  if (dateError !== undefined && !passes(Ignored.date)) return dateError;
  const nameError = checkServerIdentity(host, certificate.toLegacyObject());
  if (nameError && !passes(Ignored.name)) return 'ERR_TLS_CERT_ALTNAME_INVALID';
  const isWrongUsage = /PURPOSE/.test(error) || !isForServers(certificate);
  if (isWrongUsage && !passes(Ignored.wrongUsage)) return 'INVALID_PURPOSE';
  return isKnownFault(error) ? undefined : error;
}

function dateErrorOf({ validFrom, validTo }: X509Certificate): string | undefined {
  const now = Date.now();
  if (Date.parse(validFrom) > now) return 'CERT_NOT_YET_VALID';
  return Date.parse(validTo) < now ? 'CERT_HAS_EXPIRED' : undefined;
}

const isKnownFault = (error: string): boolean =>
  error === '' || CHAIN_ERROR.test(error) || DATE_ERROR.test(error) || /PURPOSE|ALTNAME/.test(error);
