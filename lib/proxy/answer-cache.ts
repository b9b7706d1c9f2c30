/** Caches answers of scripts by script and origin: for five minutes, or until the machine's settings change. */
import type { ProxyResolver, ScriptAnswer, ScriptSource } from './proxy-resolver.ts';
import type { RequestTarget } from './request-target.ts';
import { keyOfUrl } from './script-source.ts';
import { TimedCache } from './timed-cache.ts';

/** How long an answer is cached, and a failure is not retried, in milliseconds. */
const LIFETIME = 5 * 60_000;
const FAILURE_LIFETIME = 30_000;
const answers = new TimedCache<ScriptAnswer>(5_000);

/** @throws {WinwireError} as {@link ProxyResolver.askScript}. */
export function askScript(resolver: ProxyResolver, script: ScriptSource, target: RequestTarget): Promise<ScriptAnswer> {
  // The source of the script is part of the key: it decides whether the script's server may get the user's identity.
  const key = `${resolver.name} ${script.namedBy} ${keyOfUrl(script.url ?? '')} ${target.origin}`;
  return answers.get(
    key,
    () => resolver.askScript(script, target),
    (answer) => (answer === undefined || answer.warnings.length > 0 ? FAILURE_LIFETIME : LIFETIME),
  );
}

/** Called when the machine's settings change. */
export const forgetAnswers = (): void => answers.clear();
