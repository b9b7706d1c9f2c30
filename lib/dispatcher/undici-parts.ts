/// <reference path="./undici.d.ts" />
/** The parts of undici that dispatchers use, loaded with the first connection. */
import type { Client, Dispatcher } from 'undici';

export type ClientClass = typeof Client;

export type UndiciApi = Pick<Dispatcher, 'request' | 'stream' | 'pipeline' | 'upgrade' | 'connect'>;

let client: ClientClass | undefined;
let api: UndiciApi | undefined;
let apiLoading: Promise<UndiciApi> | undefined;

export const loadedApi = (): UndiciApi | undefined => api;

// By path: undici's index would set the global dispatcher of every undici in the process, Node's own included.
export async function loadClient(): Promise<ClientClass> {
  if (client) return client;
  const [loaded, constants] = await Promise.all([
    import('undici/lib/dispatcher/client.js'),
    import('undici/lib/llhttp/constants.js'),
  ]);
  nameParserErrors(constants.default.ERROR);
  client = loaded.default;
  return client;
}

/**
 * undici 7 looks names of the parser's errors up by their numbers, in an object that has numbers by names: its errors have
 * no code then, where those of Node's fetch have `HPE_INVALID_STATUS` and the like.
 */
function nameParserErrors(errors: Record<string, number | string>): void {
  for (const [name, number] of Object.entries(errors)) {
    if (errors[number] === undefined) Object.defineProperty(errors, number, { value: name });
  }
}

export function loadApi(): Promise<UndiciApi> {
  apiLoading ??= import('undici/lib/api/index.js').then((module) => {
    api = module.default;
    return api;
  });
  return apiLoading;
}
