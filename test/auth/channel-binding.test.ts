// The hash of channel bindings by signature algorithm, RFC 5929 section 4.1.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { bindingOfCertificate, channelBindingOf } from '../../lib/auth/channel-binding.ts';
import { unknownIssuer } from '../helpers/certificates.ts';

const element = (tag: number, ...content: Buffer[]) => {
  const bytes = Buffer.concat(content);
  const length = bytes.length < 0x80 ? [bytes.length] : [0x82, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
};
const sequence = (...content: Buffer[]) => element(0x30, ...content);
const oid = (hex: string) => element(0x06, Buffer.from(hex, 'hex'));

/** The shape of a certificate, with a signature algorithm and its parameters. */
const certificate = (identifier: string, ...parameters: Buffer[]) =>
  sequence(sequence(Buffer.alloc(300, 5)), sequence(oid(identifier), ...parameters), element(0x03, Buffer.alloc(9)));

const bound = (bytes: Buffer, hash: string) =>
  Buffer.concat([Buffer.from('tls-server-end-point:'), createHash(hash).update(bytes).digest()]);

describe('tls-server-end-point', () => {
  test.each([
    ['MD5 with RSA', '2a864886f70d010104', 'sha256'],
    ['SHA-1 with RSA', '2a864886f70d010105', 'sha256'],
    ['SHA-256 with RSA', '2a864886f70d01010b', 'sha256'],
    ['SHA-384 with RSA', '2a864886f70d01010c', 'sha384'],
    ['SHA-512 with RSA', '2a864886f70d01010d', 'sha512'],
    ['SHA-1 with ECDSA', '2a8648ce3d0401', 'sha256'],
    ['SHA-384 with ECDSA', '2a8648ce3d040303', 'sha384'],
  ])('%s', (_, identifier, hash) => {
    const bytes = certificate(identifier);
    expect(bindingOfCertificate(bytes)).toEqual(bound(bytes, hash));
  });

  test.each([
    ['SHA-512', [element(0xa0, sequence(oid('608648016503040203')))], 'sha512'],
    ['SHA-1 by default', [], 'sha256'],
  ] as const)('RSASSA-PSS with %s', (_, parameters, hash) => {
    const bytes = certificate('2a864886f70d01010a', sequence(...parameters));
    expect(bindingOfCertificate(bytes)).toEqual(bound(bytes, hash));
  });

  test('is that of the certificate of a connection, and there is none after its end', async () => {
    const { cert, key } = unknownIssuer();
    const server = createServer({ cert, key }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    expect(channelBindingOf(socket)).toEqual(bindingOfCertificate(socket.getPeerCertificate().raw));
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
    expect(channelBindingOf(socket)).toBeUndefined();
    await once(server.close(), 'close');
  });

  test.each([
    ['Ed25519', certificate('2b6570')],
    ['an unknown algorithm', certificate('2a0304')],
    ['a name that every object has', certificate(Buffer.from('constructor').toString('hex'))],
    ['no certificate', Buffer.from('3003020101', 'hex')],
    ['a length beyond the end', Buffer.from('30847fffffff', 'hex')],
    ['nothing', Buffer.alloc(0)],
  ])('there is none for %s', (_, bytes) => {
    expect(bindingOfCertificate(bytes)).toBeUndefined();
  });
});
