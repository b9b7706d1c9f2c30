// The same package in Windows' node.exe under Wine, with the addon that MinGW built, its stand-in and Wine's own WinHTTP.
import { describe, expect, it } from 'vitest';
import { runUnderWine, WINDOWS_NODES } from './project.ts';

describe.each(WINDOWS_NODES)("the package in Windows' node.exe %i", (version) => {
  it('talks over real sockets, by import, with the system backend', () => {
    const seen = runUnderWine(version, 'use.mjs');
    expect(seen).toMatchObject({ message: 'Grüße', response: '200 Hello', default: 'system' });
    expect(seen).toMatchObject({ websocket: { system: { available: true } } });
  });

  it('loads by require', () => {
    expect(runUnderWine(version, 'use.cjs')).toMatchObject({ isConstructor: true, default: 'system' });
  });

  it('works in worker threads', () => {
    const seen = runUnderWine(version, 'workers.mjs') as number[];
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(1);
  });
});
