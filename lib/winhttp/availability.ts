/** Which backends can serve request objects, and who they are. */
import { createRequire } from 'node:module';
import type { BackendInfo, BackendName } from '../backend.ts';
import { classRegistration } from './system/winhttp-native.ts';

/** What is known of a backend of request objects. */
export function requestBackendInfo(name: BackendName): BackendInfo {
  return name === 'portable' ? portableInfo() : systemInfo();
}

function portableInfo(): BackendInfo {
  return { available: true, file: undefined, version: undiciVersion(), provider: 'portable', reason: undefined };
}

/** A bundle has no package.json of undici. */
function undiciVersion(): string {
  try {
    const { version } = createRequire(import.meta.url)('undici/package.json') as { version: string };
    return `undici ${version}`;
  } catch {
    return 'undici';
  }
}

function systemInfo(): BackendInfo {
  const { file, version, provider, reason } = classRegistration();
  return {
    available: reason === '',
    file: file || undefined,
    version: version || undefined,
    provider: provider || undefined,
    reason: reason || undefined,
  };
}
