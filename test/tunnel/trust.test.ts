// The roots of connections.
import { createSecureContext, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { Network } from '../../lib/tunnel/network.ts';
import { readsSystemRoots, secureContextOf } from '../../lib/tunnel/trust.ts';
import * as certificates from '../helpers/certificates.ts';
import { RawServer } from '../helpers/http-raw-server.ts';
import { failureOf } from './failure-of.ts';

const networks: Network[] = [];
afterEach(() => {
  for (const network of networks.splice(0)) network.destroy();
});

describe('secureContextOf', () => {
  it('returns one context for all options that set nothing of it', () => {
    expect(secureContextOf({ rejectUnauthorized: false })).toBe(secureContextOf({ servername: 'a' }));
    expect(secureContextOf({}) !== undefined).toBe(readsSystemRoots);
  });

  it('returns the same context for the same object, and the one that is given', () => {
    const options = { ca: certificates.authority() };
    expect(secureContextOf(options)).toBe(secureContextOf(options));
    expect(secureContextOf({ ...options })).not.toBe(secureContextOf(options));
    const secureContext = createSecureContext();
    expect(secureContextOf({ secureContext })).toBe(secureContext);
  });
});

describe('a server', () => {
  it.each([
    ['is trusted if its certificate is in `ca`', certificates.selfSigned().cert, undefined],
    ['is not trusted by another `ca`', certificates.authority(), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['is not trusted without', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('%s', async (_what, ca, code) => {
    await using server = await RawServer.start((socket) => socket.end(), certificates.selfSigned());
    const network = new Network({ tls: ca ? { ca } : {} }, 'direct');
    networks.push(network);
    const attempt = network.open(new URL(server.url()), { form: 'requests' });
    if (code !== undefined) return expect(await failureOf(attempt)).toMatchObject({ code });
    const { socket } = await attempt;
    expect((socket as TLSSocket).authorized).toBe(true);
    // The server's part of the handshake ends later.
    await expect.poll(() => server.connections).toBe(1);
    network.destroy();
  });
});
