/** The receiver of a request's events. */
import type { WinwireError } from '../../errors.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import type { ConnectTimes } from '../request-object.ts';
import type { RequestUrl } from './url.ts';

/** Receives the events of a request. `onEnd` or `onFail` is the last one; after `cancel` there are none. */
export interface TransactionListener {
  /** The first or a further connection was opened. */
  onConnected(times: ConnectTimes): void;
  onHead(head: ResponseHead, url: RequestUrl): void;
  /** Returns false to pause until `resume`. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onFail(error: WinwireError): void;
  onSent(sent: number, total: number): void;
}
