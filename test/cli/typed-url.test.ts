import { expect, test } from 'vitest';
import { withScheme } from '../../lib/cli/typed-url.ts';

test.each([
  ['example.org', 'http://example.org'],
  ['localhost:8080/x', 'http://localhost:8080/x'],
  ['user:password@example.org', 'http://user:password@example.org'],
  ['[::1]:80', 'http://[::1]:80'],
  ['example.org/?to=http://other.example/', 'http://example.org/?to=http://other.example/'],
  ['HTTPS://example.org', 'HTTPS://example.org'],
  ['ftp://example.org', 'ftp://example.org'],
])('%s is %s', (typed, url) => {
  expect(withScheme(typed, 'http')).toBe(url);
});

test('a WebSocket has its own scheme', () => {
  expect(withScheme('localhost:8080', 'ws')).toBe('ws://localhost:8080');
  expect(withScheme('wss://localhost:8080', 'ws')).toBe('wss://localhost:8080');
});
