/** `createForwarder`: a local proxy for programs that cannot load winwire. */
import type { Forwarder, ForwarderInit } from './forwarder-types.ts';

/**
 * Starts a proxy on this machine, which forwards by the routes and with the authentication of the options: by default
 * those of the machine's settings, as the logged-on user. It serves CONNECT and http: URLs, and asks for a password with
 * each request.
 *
 * @throws {TypeError} ERR_INVALID_ARG_TYPE or ERR_INVALID_ARG_VALUE, {RangeError} ERR_OUT_OF_RANGE for invalid options.
 * @throws {ForwarderError} ERR_WINWIRE_PROXY_LISTEN if an address cannot be listened on.
 *
 * Source: RFC 9110 sections 7 and 9.3.6, RFC 9112 section 3.2.
 */
export async function createForwarder(options?: ForwarderInit): Promise<Forwarder> {
  // Loaded here, so that importing the package does not load the modules of the proxy.
  const { LocalForwarder } = await import('./local-forwarder.ts');
  return LocalForwarder.start(options);
}
