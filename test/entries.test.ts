import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import * as winwire from '../lib/index.ts';
import * as parity from '../lib/parity.ts';
import * as sys from '../lib/sys.ts';

const dist = path.join(import.meta.dirname, '..', 'dist');
const DECLARATION = /^(?:export |declare |abstract )*(?:class|interface|type|function) ([\w$]+)/gm;

/** Returns the types, classes and functions that a file declares; the bundler renames a duplicate to `NAME$1`. */
function declaredNames(file: string): string[] {
  const names = new Set([...readFileSync(file, 'utf8').matchAll(DECLARATION)].map(([, name = '']) => name));
  return [...names].map((name) => name.replace(/\$\d+$/, ''));
}

it('declares each name once in all entries', () => {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts'));
  const names = files.flatMap((file) => declaredNames(path.join(dist, file)));
  expect(names.length).toBeGreaterThan(150);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

const isClass = (value: unknown) => typeof value === 'function' && /^class\b/.test(`${value}`);
const classes = [winwire, sys, parity].flatMap((entry) => Object.entries(entry).filter(([, value]) => isClass(value)));

it.each(classes)('%s is constructed without arguments, or its error names the missing one', (_name, value) => {
  let message = '';
  try {
    new (value as new () => unknown)();
  } catch (error) {
    ({ message } = error as Error);
  }
  // Texts of V8's own errors, which show that no argument was validated.
  expect(message).not.toMatch(/^Cannot |is not a function|of undefined|is not iterable/);
});
