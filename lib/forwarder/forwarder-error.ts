/** The error of a forwarder that cannot start. */
import { nameErrors } from '../errors.ts';

/** The forwarder cannot listen. */
export class ForwarderError extends Error {
  readonly code = 'ERR_WINWIRE_PROXY_LISTEN';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
  }

  static {
    nameErrors(ForwarderError, 'ForwarderError');
  }
}
