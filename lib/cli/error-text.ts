/** Texts of errors. */
import { isCertificateCode } from '../certificate-fault.ts';
import { describeForeignStart } from '../http1/foreign-start.ts';
import { describeTlsFault } from '../tls-fault.ts';

/** What to do about a rejected certificate, in addition to the advice of the error itself. */
export const CERTIFICATE_HINT = '-k accepts any certificate; `winwire doctor URL` shows the chain';

/** Whether an error of Node.js says that a server's certificate is invalid. */
export function isCertificateError(error: unknown): boolean {
  return isCertificateCode(String((error as { code?: unknown }).code));
}

/** Returns the text of an error: for several failed attempts the text of each; the reason where the message says little. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(errorText).join('; ');
  if (!(error instanceof Error)) return String(error);
  return reasonFor(error) ?? error.message;
}

/** Undefined where the message is enough. */
function reasonFor(error: Error): string | undefined {
  const { message } = error;
  const { code = '', rawPacket } = error as NodeJS.ErrnoException & { readonly rawPacket?: unknown };
  // OpenSSL's names its source files, that of node:http's parser only what it expected.
  if (message.includes(':error:')) return describeTlsFault(error);
  if (code.startsWith('HPE_') && isBuffer(rawPacket)) return describeForeignStart(rawPacket);
  const isEarlyEnd = message === 'socket hang up' || message.startsWith('Client network socket disconnected');
  return isEarlyEnd
    ? 'the connection was closed before an answer came; with http: or ws:, the port may be one of TLS'
    : undefined;
}

const isBuffer = (value: unknown): value is Buffer => Buffer.isBuffer(value) && !value.subarray(0, 5).equals(HTTP);

const HTTP = Buffer.from('HTTP/');
