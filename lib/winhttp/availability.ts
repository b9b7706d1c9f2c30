/** Which backends can serve request objects, and who they are. */
import { createRequire } from 'node:module';
import type { BackendInfo, BackendName } from '../backend.ts';
import { classRegistration } from './system/winhttp-native.ts';

const UNDICI = 'undici/package.json';

/** What is known of a backend of request objects. */
export function requestBackendInfo(name: BackendName): BackendInfo {
  return name === 'portable' ? portableInfo() : systemInfo();
}

function portableInfo(): BackendInfo {
  const { version } = createRequire(import.meta.url)(UNDICI) as { version: string };
  return { available: true, file: undefined, version: `undici ${version}`, provider: 'portable', reason: undefined };
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
