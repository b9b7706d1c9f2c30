/** Loads the backend of request objects on first use. */
import type { BackendName } from '../../backend.ts';
import type { CreateRequestObject, ExecuteRequest } from '../request-object.ts';

export interface RequestBackend {
  readonly create: CreateRequestObject;
  readonly execute: ExecuteRequest;
}

const loaded = new Map<BackendName, RequestBackend>();

/** Returns the backend if it is already loaded, which saves a turn of the event loop. */
export function loadedBackend(name: BackendName): RequestBackend | undefined {
  return loaded.get(name);
}

export async function loadBackend(name: BackendName): Promise<RequestBackend> {
  const backend = loaded.get(name) ?? (await (name === 'system' ? loadSystem() : loadPortable()));
  loaded.set(name, backend);
  return backend;
}

async function loadSystem(): Promise<RequestBackend> {
  const { createSystemObject, executeSystem } = await import('../system/system-object.ts');
  return { create: createSystemObject, execute: executeSystem };
}

async function loadPortable(): Promise<RequestBackend> {
  const { createPortableObject, executePortable } = await import('../portable/portable-object.ts');
  return { create: createPortableObject, execute: executePortable };
}
