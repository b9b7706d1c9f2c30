// The package in Windows' node.exe under Wine, with MinGW's addon, the stand-in and Wine's own WinHTTP.
import { describe, expect, it } from 'vitest';
import { runUnderWine, WINDOWS_NODES } from './project.ts';

interface CommandRun {
  readonly status: number;
  readonly output: string;
}

interface CommandsRun {
  readonly download: CommandRun;
  readonly downloaded?: string;
  readonly toOutput: CommandRun;
  readonly missing: CommandRun;
  readonly doctor: CommandRun;
}

describe.each(WINDOWS_NODES)("the package in Windows' node.exe %i", (version) => {
  it('connects over real sockets, by import, with the system backend', () => {
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

  it('has a command line that downloads by the system backend', () => {
    const seen = runUnderWine(version, 'cli.mjs') as CommandsRun;
    expect(seen.download).toMatchObject({ status: 0 });
    expect(seen.downloaded).toBe('Hello, command line');
    expect(seen.toOutput).toEqual({ status: 0, output: 'Hello, command line' });
    expect(seen.missing).toMatchObject({ status: 22, output: expect.stringContaining('404') });
    expect(seen.doctor.status).toBe(0);
    const { surroundings } = JSON.parse(seen.doctor.output);
    expect(surroundings).toMatchObject({
      backend: 'system',
      backends: { websocket: { system: { provider: 'stand-in' } }, winhttp: { system: { provider: 'Wine' } } },
    });
  });
});
