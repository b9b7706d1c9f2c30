import { expect, test } from 'vitest';
import { resolveProxy } from '../lib/index.ts';
import { validUrl } from '../lib/valid-url.ts';

test('parses absolute URLs, and relative ones with a base', () => {
  expect(validUrl('http://A.example')?.href).toBe('http://a.example/');
  expect(validUrl('../c?d', 'http://a.example/b/')?.href).toBe('http://a.example/c?d');
  for (const text of ['', '/', 'a.example', 'http://', 'http://a b/', 'http://[::1'])
    expect(validUrl(text)).toBe(undefined);
  expect(validUrl('//', 'http://a.example/')).toBe(undefined);
});

/** Node 20 took another path for `URL.canParse` after about 6,000 calls. */
const CALLS = 30_000;

test.each(['bücher', 'BÜCHER', 'ÿ', 'straße', '例え'])('takes %s as a host in optimized code too', (name) => {
  const url = `http://${name}.example/é?ü#ö`;
  const { href } = new URL(url);
  for (let call = 0; call < CALLS; call++) validUrl('http://a.example/');
  expect(validUrl(url)?.href).toBe(href);
});

test('the proxies of a host beyond ASCII are the same after many look-ups', async () => {
  const from = { proxy: 'proxy.example:8080', bypass: ['xn--bcher-kva.example'] };
  const look = async (url: string) => String(await resolveProxy(url, { from }));
  for (let call = 0; call < CALLS; call++) await look('http://a.example/');
  expect(await look('http://bücher.example/')).toBe('DIRECT');
});
