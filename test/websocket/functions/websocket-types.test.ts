import { describe, expect, it } from 'vitest';
import {
  Action,
  ActionQueue,
  BufferType,
  CloseStatus,
  MAX_CLOSE_REASON_LENGTH,
  PropertyType,
} from '../../../lib/sys.ts';

describe('the enums', () => {
  it('have the actions', () => {
    expect(Action).toEqual({
      NO_ACTION: 0,
      SEND_TO_NETWORK: 1,
      INDICATE_SEND_COMPLETE: 2,
      RECEIVE_FROM_NETWORK: 3,
      INDICATE_RECEIVE_COMPLETE: 4,
    });
  });

  it('have the queues', () => {
    expect(ActionQueue).toEqual({ SEND: 1, RECEIVE: 2, ALL: 3 });
  });

  it('have the buffer types, unsigned', () => {
    expect(Object.values(BufferType)).toEqual([0, 1, 2, 3, 4, 5, 6].map((low) => 0x80000000 + low));
    expect(Object.keys(BufferType)).toEqual([
      'UTF8_MESSAGE',
      'UTF8_FRAGMENT',
      'BINARY_MESSAGE',
      'BINARY_FRAGMENT',
      'CLOSE',
      'PING_PONG',
      'UNSOLICITED_PONG',
    ]);
  });

  it('have the close statuses', () => {
    expect(CloseStatus).toEqual({
      SUCCESS: 1000,
      ENDPOINT_UNAVAILABLE: 1001,
      PROTOCOL_ERROR: 1002,
      INVALID_DATA_TYPE: 1003,
      EMPTY: 1005,
      ABORTED: 1006,
      INVALID_PAYLOAD: 1007,
      POLICY_VIOLATION: 1008,
      MESSAGE_TOO_BIG: 1009,
      UNSUPPORTED_EXTENSIONS: 1010,
      SERVER_ERROR: 1011,
      SECURE_HANDSHAKE_ERROR: 1015,
    });
  });

  it('have the properties', () => {
    expect(Object.entries(PropertyType).sort((a, b) => a[1] - b[1])).toEqual([
      ['RECEIVE_BUFFER_SIZE', 0],
      ['SEND_BUFFER_SIZE', 1],
      ['DISABLE_MASKING', 2],
      ['ALLOCATED_BUFFER', 3],
      ['DISABLE_UTF8_VERIFICATION', 4],
      ['KEEPALIVE_INTERVAL', 5],
      ['SUPPORTED_VERSIONS', 6],
    ]);
  });

  it('include the maximum length of a reason', () => {
    expect(MAX_CLOSE_REASON_LENGTH).toBe(123);
  });
});
