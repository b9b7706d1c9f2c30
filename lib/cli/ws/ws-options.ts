/** Options of `winwire ws`, as the parser gives them. Times are milliseconds. */
import type { BackendName } from '../../backend.ts';
import type { Header } from '../shared-options.ts';

export interface WsOptions {
  readonly subprotocol?: readonly string[];
  readonly header?: readonly Header[];
  readonly insecure?: boolean;
  readonly connectTimeout?: number;
  readonly wait?: number;
  readonly raw?: boolean;
  readonly listen?: number;
  readonly host?: string;
  readonly backend?: BackendName;
}
