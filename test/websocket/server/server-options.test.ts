import { describe, expect, it } from 'vitest';
import { validateServerOptions } from '../../../lib/websocket/server/server-options.ts';

describe('validateServerOptions', () => {
  it.each([
    [{}, 'ERR_INVALID_ARG_VALUE'],
    [undefined, 'ERR_INVALID_ARG_VALUE'],
    [5, 'ERR_INVALID_ARG_TYPE'],
    [{ port: 0, noServer: true }, 'ERR_INVALID_ARG_VALUE'],
    [{ server: {} }, 'ERR_INVALID_ARG_TYPE'],
    [{ port: 'x' }, 'ERR_INVALID_ARG_TYPE'],
    [{ noServer: true, host: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ noServer: true, path: 5 }, 'ERR_INVALID_ARG_TYPE'],
    [{ noServer: true, subprotocols: 'chat' }, 'ERR_INVALID_ARG_TYPE'],
    [{ noServer: true, verifyClient: true }, 'ERR_INVALID_ARG_TYPE'],
    [{ noServer: true, maxConnections: '5' }, 'ERR_INVALID_ARG_TYPE'],
    [{ noServer: true, maxConnections: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ noServer: true, headers: 5 }, 'ERR_INVALID_ARG_TYPE'],
  ])('rejects the options %j', (options, code) => {
    expect(() => validateServerOptions(options)).toThrowError(expect.objectContaining({ code }));
  });

  it('returns a copy', () => {
    const options = { noServer: true, path: '/here' };
    const read = validateServerOptions(options);
    options.path = '/there';
    expect(read.path).toBe('/here');
  });
});
