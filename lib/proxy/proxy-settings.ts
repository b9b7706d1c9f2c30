/** The proxy settings of a machine, in one form for all systems. */
import type { WinwireError } from '../errors.ts';
import type { ProxyResolution } from './types.ts';

/** The settings of a system. */
export interface ProxySettings {
  /** The origin of the settings. */
  readonly source: Extract<ProxyResolution['source'], 'policy' | 'user' | 'machine' | 'option'>;
  /** Whether to find a script by WPAD. */
  readonly autoDetect: boolean;
  readonly pacUrl?: string;
  /** `host:port` or `http=a:1;https=b:2;socks=c:3`, also with URLs in place of `host:port`. */
  readonly proxy?: string;
  /** Entries of a bypass list in Windows' grammar. */
  readonly bypass: readonly string[];
  /** Address ranges that are bypassed: `10.0.0.0/8`. Windows' lists have none. */
  readonly ranges: readonly string[];
  /** Why some settings could not be read. */
  readonly warnings: readonly WinwireError[];
}

/** Settings without a proxy. */
export const NO_SETTINGS: ProxySettings = {
  source: 'machine',
  autoDetect: false,
  bypass: [],
  ranges: [],
  warnings: [],
};
