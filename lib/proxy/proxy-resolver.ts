/** The part of a backend that `resolveProxy` uses. */
import type { WinwireError } from '../errors.ts';
import type { ProxySettings } from './proxy-settings.ts';
import type { RequestTarget } from './request-target.ts';
import type { ProxyRoute } from './types.ts';

/** A script and its source: one found by WPAD has no URL in advance. */
export type ScriptSource =
  | { readonly namedBy: 'caller' | 'settings'; readonly url: string }
  | { readonly namedBy: 'wpad'; readonly url?: undefined };

/** The answer of a script. */
export interface ScriptAnswer {
  readonly routes: readonly ProxyRoute[];
  /** Without user information and query. */
  readonly pacUrl?: string;
  readonly warnings: readonly WinwireError[];
}

/** Reads settings and runs scripts. */
export interface ProxyResolver {
  /** Part of the cache's keys. */
  readonly name: string;
  /** @throws {BackendUnavailableError} if the backend cannot read them. */
  readSettings(): Promise<ProxySettings>;
  /**
   * Runs a script for a target.
   *
   * @throws {WinwireError} if the script cannot be found, downloaded or parsed. One that fails while it runs answers
   * direct, with a warning.
   */
  askScript(script: ScriptSource, target: RequestTarget): Promise<ScriptAnswer>;
}
