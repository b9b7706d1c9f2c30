/** Caches scripts: downloaded once, shared by all look-ups. */
import { createHash } from 'node:crypto';
import { downloadPac } from './pac-download.ts';
import type { PacScript } from './pac-engine.ts';
import { TimedCache } from './timed-cache.ts';

/** How long a script is used before it is downloaded again, and a failed download is not repeated, in milliseconds. */
const LIFETIME = 5 * 60_000;
const FAILURE_LIFETIME = 30_000;
/** A network without WPAD rarely gets one, and finding that out may take seconds. */
const NO_WPAD_LIFETIME = 5 * 60_000;
const scripts = new TimedCache<PacScript>(16);

/**
 * `isWpad`: the URL is the well-known one of WPAD.
 *
 * @throws {WinwireError} ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT, also for a while after a failure.
 */
export function loadScript(url: URL, isWpad: boolean): Promise<PacScript> {
  return scripts.get(
    keyOfUrl(url.href),
    async () => {
      const text = await downloadPac(url);
      return { key: hashOf(text), text };
    },
    (script) => (script ? LIFETIME : isWpad ? NO_WPAD_LIFETIME : FAILURE_LIFETIME),
  );
}

/** Characters of a URL that is a key as it is; a longer data: URL would fill the caches. */
const MAX_KEY = 1_000;

/** Returns a short text that identifies the URL of a script. */
export const keyOfUrl = (url: string): string => (url.length > MAX_KEY ? hashOf(url) : url);

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64');

export const forgetScripts = (): void => scripts.clear();
