import { expect, test } from 'vitest';
import { encoderFor } from '../../../lib/winhttp/portable/code-page.ts';

test.each([
  [65001, 'é世😀', 'c3a9e4b896f09f9880'],
  [0, '€é', '80e9'],
  [1252, '€\u0081ÿ世', '8081ff3f'],
  [28591, 'é€', 'e93f'],
  [28592, 'ł', 'b3'],
  [28605, '€', 'a4'],
  [1251, 'Яя', 'dfff'],
  [20866, 'Я', 'f1'],
  [866, 'Я', '9f'],
  [874, 'ก', 'a1'],
  [932, '日本ｱ', '93fa967bb1'],
  [936, '中', 'd6d0'],
  [949, '한', 'c7d1'],
  [950, '中', 'a4a4'],
])('code page %s writes %j', (codePage, text, hex) => {
  const encode = encoderFor(codePage);
  const bytes = [...text].flatMap((character) => [...(encode?.(character) ?? [])]);
  expect(Buffer.from(bytes).toString('hex')).toBe(hex);
});

test.each([37, 1200, -1, 65000])('code page %s is not known', (codePage) => {
  expect(encoderFor(codePage)).toBeUndefined();
});
