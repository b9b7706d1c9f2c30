/** TLS over a connection: protocols, client certificate, and which faults of the server's certificate are let pass. */
import { constants, type X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { HResult } from '../../hresult.ts';
import type { ClientCertificate } from '../request-object.ts';
import type { Cancellation } from './cancellation.ts';
import { chainOf, isForServers, isTrusted } from './certificate-trust.ts';
import { DEFAULT_PROTOCOLS } from './option-values.ts';
import { startLimit } from './timeouts.ts';
import { codeOf, sendFailure, timedOut, tlsFailure } from './transport-failure.ts';

/** The settings of an object that are about TLS. */
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

/** The handshake, within a limit. After a cancellation the promise may never settle. */
export function startTls(
  socket: Socket,
  host: string,
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
    const timer = startLimit(limit, () => fail(timedOut('the TLS handshake', limit)));
    try {
      secure = connect(optionsFor(socket, host, settings));
    } catch (error) {
      fail(sendFailure(HResult.ERROR_WINHTTP_SECURE_CHANNEL_ERROR, (error as Error).message, error));
      return;
    }
    // It stays, as that of the socket below does.
    secure.on('error', (error) => fail(tlsFailure(error, settings.certificate === undefined && hasFlight(secure))));
    secure.once('secureConnect', () => {
      const fault = faultOf(secure as TLSSocket, host, settings.ignored);
      if (fault !== undefined) return void fail(sendFailure(HResult.ERROR_WINHTTP_SECURE_FAILURE, fault));
      clearTimeout(timer);
      cancellation.tell(undefined);
      resolve(secure as TLSSocket);
    });
    cancellation.tell(() => fail(sendFailure(HResult.ERROR_WINHTTP_OPERATION_CANCELLED)));
  });
}

/** Whether the server's certificate has come. */
const hasFlight = (secure: TLSSocket | undefined): boolean =>
  Object.keys(secure?.getPeerCertificate() ?? {}).length > 0;

function optionsFor(socket: Socket, host: string, { ignored, protocols, certificate }: TlsSettings): ConnectionOptions {
  // RFC 6066 section 3: a name is sent without the dot at its end.
  const name = isIP(host) === 0 ? host.replace(/\.$/, '') : '';
  return {
    socket,
    host,
    ...(name === '' ? {} : { servername: name }),
    ALPNProtocols: ['http/1.1'],
    // With faults to be let pass, all of the certificate is looked at afterwards.
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

/** The versions that are asked for. What Node no longer has (SSL 2.0, SSL 3.0) is left out. */
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

/** The first fault of the server's certificate that is not let pass. */
function faultOf(socket: TLSSocket, host: string, ignored: number): string | undefined {
  // Then the handshake itself has refused every fault.
  if (ignored === 0) return undefined;
  const chain = chainOf(socket);
  const [certificate] = chain;
  if (!certificate) return 'NO_CERTIFICATE';
  const error = codeOf({ code: socket.authorizationError as unknown });
  const passes = (flag: number) => (ignored & flag) !== 0;
  // OpenSSL names one fault only, the last: the others are looked for here.
  if (!passes(Ignored.unknownCa)) {
    if (CHAIN_ERROR.test(error)) return error;
    if (error !== '' && !isTrusted(socket, chain)) return 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
  }
  const dateError = chain.map(dateErrorOf).find(Boolean) ?? (DATE_ERROR.test(error) ? error : undefined);
  if (dateError !== undefined && !passes(Ignored.date)) return dateError;
  const nameError = checkServerIdentity(host, certificate.toLegacyObject());
  if (nameError && !passes(Ignored.name)) return nameError.message;
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
