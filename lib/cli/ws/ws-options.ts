/** The parsed options of `winwire ws`. Times are milliseconds. */
import type { BackendName } from '../../backend.ts';
import type { ProxyOptions } from '../proxy-options.ts';
import type { Header } from '../shared-options.ts';
import type { UpstreamOptions } from '../upstream-options.ts';

export interface WsOptions extends ProxyOptions, UpstreamOptions {
  readonly user?: string;
  readonly passwordFile?: string;
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
