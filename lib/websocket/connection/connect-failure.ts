/** Why a connection could not be opened: errors of Node.js and of the component, with missing details added. */
import { type CertificateFacts, describeCertificateFault, isCertificateCode } from '../../certificate-fault.ts';
import { describeTlsFault } from '../../tls-fault.ts';

/** Returns host and port for error texts: `example.org:443`. */
export function serverText({ host, port, protocol }: URL): string {
  return port === '' ? `${host}:${protocol === 'https:' ? 443 : 80}` : host;
}

/** Returns the error with a text that names the server and the reason, and with the properties of Node's error. */
export function connectFailure(error: unknown, target: URL, chain: readonly CertificateFacts[]): unknown {
  if (!(error instanceof Error)) return error;
  const text = failureText(error, target, chain);
  return text === undefined ? error : Object.assign(new Error(text, { cause: error }), error);
}

/** Returns undefined if the text of Node.js is enough. */
function failureText(error: Error, target: URL, chain: readonly CertificateFacts[]): string | undefined {
  const server = serverText(target);
  const isSecure = target.protocol === 'https:';
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (error instanceof AggregateError && error.message === '') {
    return `cannot connect to ${server}: ${error.errors.map((one: Error) => one.message).join('; ')}`;
  }
  if (isCertificateCode(code)) return `${server}: ${describeCertificateFault(code, target.hostname, chain)}`;
  // Node's texts for a connection that ends early do not name the peer.
  if (code === 'ECONNRESET' && syscall !== 'connect') {
    return `${server} closed the connection during the handshake${isSecure ? '' : '; if it speaks TLS, use wss:'}`;
  }
  const fault = describeTlsFault(error);
  return fault === undefined ? undefined : `${server}: ${fault}`;
}
