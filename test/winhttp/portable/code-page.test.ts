import { expect, test } from 'vitest';
import { encoderFor } from '../../../lib/winhttp/portable/code-page.ts';

test.each([
  [65001, 'é世😀', 'c3a9e4b896f09f9880'],
  [0, '€é', '80e9'],
  [3, '€é', '80e9'],
  [1250, 'Ł', 'a3'],
  [1252, '€\u0081ÿ世', '8081ff3f'],
  [1258, '₫', 'fe'],
  [28591, 'é€', 'e93f'],
  [28592, 'ł', 'b3'],
  [28597, 'α', 'e1'],
  [28598, 'א', 'e0'],
  [28605, '€', 'a4'],
  [1251, 'Яя', 'dfff'],
  [20866, 'Я', 'f1'],
  [866, 'Я', '9f'],
  [874, 'ก', 'a1'],
  // The first and the last second byte, and the first of two places.
  [932, '日本ｱ\u3000∪', '93fa967bb1814081be'],
  [936, '中侢', 'd6d081fe'],
  [949, '한', 'c7d1'],
  [950, '中', 'a4a4'],
])('code page %s writes %j', (codePage, text, hex) => {
  const encode = encoderFor(codePage);
  const bytes = [...text].flatMap((character) => [...(encode?.(character) ?? [])]);
  expect(Buffer.from(bytes).toString('hex')).toBe(hex);
});

test.each([37, 1200, 1249, 1259, 28590, -1, 65000])('code page %s is unknown', (codePage) => {
  expect(encoderFor(codePage)).toBeUndefined();
});
