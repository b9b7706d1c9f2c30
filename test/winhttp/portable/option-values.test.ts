import { expect, test } from 'vitest';
import { HResult } from '../../../lib/hresult.ts';
import { Options } from '../../../lib/winhttp/portable/option-values.ts';
import { WinHttpRequestOption as Option } from '../../../lib/winhttp/request-option.ts';

test.each([
  ['MaxAutomaticRedirects', Option.MaxAutomaticRedirects],
  ['MaxResponseHeaderSize', Option.MaxResponseHeaderSize],
  ['MaxResponseDrainSize', Option.MaxResponseDrainSize],
])('%s is 0 or more', (_name, id) => {
  const options = new Options();
  const before = options.number(id);
  expect(options.set(id, -1)).toBe(HResult.E_INVALIDARG);
  expect(options.number(id)).toBe(before);
  expect(options.set(id, 0)).toBe(0);
  expect(options.number(id)).toBe(0);
});
