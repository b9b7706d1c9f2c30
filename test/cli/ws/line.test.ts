import { describe, expect, it } from 'vitest';
import { HELP, parseLine } from '../../../lib/cli/ws/line.ts';

describe('a typed line', () => {
  it.each([
    ['', ''],
    [' /close', ' /close'],
    ['//close', '/close'],
    ['héllo', 'héllo'],
  ])('%j is text', (line, text) => {
    expect(parseLine(line)).toEqual({ kind: 'text', text });
  });

  it.each([
    ['/binary', ''],
    ['/binary 00FF', '00ff'],
    ['/binary  00 ff\t10 ', '00ff10'],
  ])('%j is bytes', (line, hex) => {
    expect(parseLine(line)).toEqual({ kind: 'binary', bytes: Buffer.from(hex, 'hex') });
  });

  it.each([
    ['/close', undefined, undefined],
    ['/close 1001', 1001, undefined],
    ['/close 4000 see you later', 4000, 'see you later'],
    ['/close 99999', 99_999, undefined],
  ])('%j closes', (line, code, reason) => {
    expect(parseLine(line)).toEqual({ kind: 'close', code, reason });
  });

  it.each(['ping', 'abort', 'help'])('/%s is a command', (kind) => {
    expect(parseLine(`/${kind}`)).toEqual({ kind });
  });

  it.each(['/', '/ text', '/nope', '/binary 0', '/binary 0g', '/close now', '/close -1', '/ping now', '/ABORT'])(
    '%j is invalid',
    (line) => {
      expect(parseLine(line)).toMatchObject({ kind: 'invalid', message: expect.stringMatching(/./) });
    },
  );

  it('has help for each command', () => {
    for (const command of ['binary', 'ping', 'close', 'abort', 'help']) expect(HELP).toContain(`/${command}`);
  });
});
