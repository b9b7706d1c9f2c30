/** Which backends can serve request objects, and who they are. */
import type { BackendInfo, BackendName } from '../backend.ts';
import { VERSION } from '../version.ts';
import { classRegistration } from './system/winhttp-native.ts';

/** What is known of a backend of request objects. */
export function requestBackendInfo(name: BackendName): BackendInfo {
  return name === 'portable' ? portableInfo() : systemInfo();
}

function portableInfo(): BackendInfo {
  return { available: true, file: undefined, version: `winwire ${VERSION}`, provider: 'portable', reason: undefined };
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
