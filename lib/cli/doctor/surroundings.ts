/** Describes the installation. */

import { type BackendName, chooseBackend } from '../../backend.ts';
import { type BackendInfo, backends, requestBackendInfo } from '../../backends.ts';
import { BackendUnavailableError } from '../../errors.ts';
import { nativeFile } from '../../native.ts';
import { readsSystemRoots } from '../../tunnel/trust.ts';
import { VERSION } from '../../version.ts';
import { openChannel } from '../../winhttp/system/com-channel.ts';
import type { Surroundings } from './doctor-report.ts';

/** Returns the description, and adds problems to the list. */
export async function describeSurroundings(
  asked: BackendName | undefined,
  problem: (text: string) => void,
): Promise<Surroundings> {
  const addon = findAddon(problem);
  const backend = choose(asked, problem);
  const websocket = addon.error === undefined && backend ? backends().websocket : undefined;
  const winhttp = { system: await systemRequests(addon.error === undefined), portable: requestBackendInfo('portable') };
  for (const [name, infos] of Object.entries({ websocket, winhttp })) {
    const info = backend && infos?.[backend];
    if (info && !info.available) problem(`${name}: the backend '${backend}' is not available: ${info.reason}`);
  }
  return {
    winwire: VERSION,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    roots: { system: readsSystemRoots, extra: process.env.NODE_EXTRA_CA_CERTS || undefined },
    addon,
    backend,
    backends: { websocket, winhttp },
  };
}

function findAddon(problem: (text: string) => void): Surroundings['addon'] {
  try {
    return { file: nativeFile(), error: undefined };
  } catch (error) {
    const { message } = error as Error;
    problem(message);
    return { file: undefined, error: message };
  }
}

function choose(asked: BackendName | undefined, problem: (text: string) => void): BackendName | undefined {
  try {
    return chooseBackend(asked);
  } catch (error) {
    problem((error as Error).message);
    return undefined;
  }
}

/** Probes the COM class: whether its objects can be created, and from which file. */
async function systemRequests(hasAddon: boolean): Promise<BackendInfo> {
  const none = { available: false, file: undefined, version: undefined, provider: undefined };
  if (!hasAddon) return { ...none, reason: 'the addon is missing' };
  const info = requestBackendInfo('system');
  if (!info.available) return info;
  try {
    const { file } = await openChannel().ready();
    return { ...info, file };
  } catch (error) {
    return { ...none, reason: error instanceof BackendUnavailableError ? error.reason : (error as Error).message };
  }
}
