import { expect, test } from 'vitest';
import { keyOfUrl } from '../../lib/proxy/script-source.ts';

test('shortens the key of a long data: URL, which would be kept for each origin', () => {
  const url = `data:,${'x'.repeat(900_000)}`;
  expect(keyOfUrl(url).length).toBeLessThan(100);
  expect(keyOfUrl(`${url}y`)).not.toBe(keyOfUrl(url));
  expect(keyOfUrl('http://a.example/proxy.pac')).toBe('http://a.example/proxy.pac');
});
