import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { errorText } from '../../lib/cli/error-text.ts';

describe('the text of an error', () => {
  it('is its message', () => {
    expect(errorText(new Error('it broke'))).toBe('it broke');
    expect(errorText('it broke')).toBe('it broke');
  });

  it('contains each of several failed attempts', () => {
    expect(errorText(new AggregateError([new Error('one'), new Error('two')]))).toBe('one; two');
    expect(errorText(new AggregateError([new Error('one')], 'all of it'))).toBe('all of it');
  });

  it('of OpenSSL is its reason, without its source files', async () => {
    await using server = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    const [error] = await once(socket, 'error');
    expect(errorText(error)).toMatch(/^it does not speak TLS on this port: .* \(ERR_SSL_\w+\)$/);
    const other = Object.assign(new Error('80:error:0A:SSL routines:a.c:1'), {
      code: 'ERR_SSL_A',
      reason: 'no cipher',
    });
    expect(errorText(other)).toBe('no cipher (ERR_SSL_A)');
  });
});
