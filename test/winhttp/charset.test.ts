import { constants } from 'node:buffer';
import { expect, it } from 'vitest';
import { decodeText } from '../../lib/winhttp/charset.ts';

// Memory that is never written: only the length matters. Node 24 takes seconds to decode it.
const TOO_LONG = new Uint8Array(constants.MAX_STRING_LENGTH + 1);

it.each(['text/plain; charset=utf-8', 'text/plain'])(
  'reports a body of %s that exceeds the maximum string length',
  { timeout: 120_000 },
  (contentType) => {
    expect(() => decodeText(TOO_LONG, contentType)).toThrow(
      expect.objectContaining({ name: 'WinwireError', code: 'ERROR_FILE_TOO_LARGE' }),
    );
  },
);

it('reports bytes that are invalid in their charset', () => {
  expect(() => decodeText(Uint8Array.of(0xff), 'text/plain; charset=utf-8')).toThrow(
    expect.objectContaining({ code: 'ERROR_NO_UNICODE_TRANSLATION' }),
  );
});
