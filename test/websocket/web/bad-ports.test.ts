import { describe, expect, it } from 'vitest';
import { isBadPort } from '../../../lib/websocket/web/bad-ports.ts';

describe('port blocking (Fetch)', () => {
  it.each([[1], [22], [25], [69], [110], [143], [465], [587], [993], [2049], [5060], [6000], [6667], [6697], [10_080]])(
    'blocks %i',
    (port) => {
      expect(isBadPort(new URL(`ws://localhost:${port}/`))).toBe(true);
      expect(isBadPort(new URL(`wss://localhost:${port}/`))).toBe(true);
    },
  );

  it.each([[80], [443], [2], [3000], [5062], [6001], [8080], [8443], [10_081], [65_535]])('allows %i', (port) => {
    expect(isBadPort(new URL(`ws://localhost:${port}/`))).toBe(false);
  });

  it('blocks no default port', () => {
    expect(isBadPort(new URL('ws://localhost/'))).toBe(false);
    expect(isBadPort(new URL('wss://localhost/'))).toBe(false);
  });
});
