// Importing the package does not load the modules for proxies.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Returns the files of dist that an entry imports statically, with their text. */
function filesBehind(file: URL, found = new Map<string, string>()): Map<string, string> {
  if (found.has(file.href)) return found;
  const text = readFileSync(file, 'utf8');
  found.set(file.href, text);
  for (const [, name = ''] of text.matchAll(/^(?:import|export) .*?["'](\.[^"']+)["'];?$/gm)) {
    filesBehind(new URL(name, file), found);
  }
  return found;
}

test.each(['index', 'sys', 'parity'])('dist/%s.js imports neither the look-up nor the engine of scripts', (entry) => {
  const texts = [...filesBehind(new URL(`../../dist/${entry}.js`, import.meta.url)).values()];
  expect(texts.length).toBeGreaterThan(1);
  expect(texts.filter((text) => /HTTPS_PROXY|quickjs/.test(text))).toEqual([]);
});
