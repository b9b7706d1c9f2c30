/** A network that is loaded with its first connection, for doors that the package's entry exports. */

import type { Network } from './network.ts';
import { DEFAULT_DOOR_PROXY, parseNetworkOptions } from './network-options.ts';

/**
 * Validates the options of a door and returns a function that gives its network.
 *
 * @throws {TypeError}, {RangeError} for invalid options; others than those of NetworkOptions are ignored.
 */
export function networkLater(options: unknown): () => Promise<Network> {
  parseNetworkOptions(options, DEFAULT_DOOR_PROXY);
  let network: Promise<Network> | undefined;
  return () => {
    network ??= import('./network.ts').then((module) => new module.Network(options, DEFAULT_DOOR_PROXY));
    return network;
  };
}
