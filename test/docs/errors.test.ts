// docs/errors.md contains every code with its number.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { HResult } from '../../lib/hresult.ts';
import { root } from './samples.ts';

const page = readFileSync(path.join(root, 'docs/errors.md'), 'utf8');

/** Returns the codes that the package creates: assigned, or members of a union. Those of Node.js are only compared. */
function ownCodes(): Set<string> {
  const lib = path.join(root, 'lib');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sources = files.map((file) => readFileSync(path.join(lib, file), 'utf8')).join('\n');
  return new Set([...sources.matchAll(/(?:code(?::| =)|\|) '(\w*ERR\w*)'/g)].map(([, code]) => code as string));
}

describe('the page of errors', () => {
  it('contains every named HRESULT with its number', () => {
    const missing = Object.entries(HResult).filter(([name, value]) => {
      const number = `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;
      return !(page.includes(name) && page.includes(number));
    });
    expect(missing).toEqual([]);
    expect(Object.keys(HResult).length).toBeGreaterThan(50);
  });

  it('contains every code of the package', () => {
    const codes = ownCodes();
    expect(codes).toContain('ERR_WEBSOCKET_TIMEOUT');
    expect(codes).toContain('ABORT_ERR');
    expect([...codes].filter((code) => !page.includes(`\`${code}\``) && !page.includes(`## ${code}\n`))).toEqual([]);
  });
});
