// What the loader says of a package whose addons are not as they should be.
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INSTALLED, RUNTIMES, type Runtime, runProgram } from './project.ts';

const [thisNode] = RUNTIMES as [Runtime];
const folder = join(INSTALLED, 'prebuilds', `${process.platform}-${process.arch}`);

describe('the loader', () => {
  let kept: string;
  let file: string;

  beforeEach(() => {
    kept = join(realpathSync(mkdtempSync(join(tmpdir(), 'winwire-addon-'))), 'kept');
    cpSync(folder, kept, { recursive: true });
    file = readdirSync(folder).find((name) => !name.includes('musl')) as string;
  });

  afterEach(() => {
    cpSync(kept, folder, { recursive: true });
    rmSync(join(kept, '..'), { recursive: true });
  });

  it('lists each place and what to do, where there is no addon for this system', () => {
    rmSync(folder, { recursive: true });
    const { code, message } = runProgram(thisNode, 'failure.mjs') as { code: string; message: string };
    expect(code).toBe('ERR_BINDING_UNAVAILABLE');
    const lines = message.split('\n');
    expect(lines[0]).toContain(`${process.platform}-${process.arch}, Node ${process.version}`);
    expect(lines.filter((line) => line.endsWith(': no such file'))).toHaveLength(3);
    expect(message).toContain(join(realpathSync(INSTALLED), 'prebuilds', `${process.platform}-${process.arch}`, file));
    expect(lines.at(-1)).toMatch(/^There is a prebuilt addon for .*bundler.*external.*npm run build.*WINWIRE_BINDING/);
  });

  it('passes on what the system says of a file that is damaged', () => {
    writeFileSync(join(folder, file), 'damaged');
    const { message } = runProgram(thisNode, 'failure.mjs') as { message: string };
    expect(message).toMatch(new RegExp(`${file.replaceAll('.', '\\.')}: (?!no such file)\\S+`));
  });

  it('loads the file that WINWIRE_BINDING names, and no other', () => {
    rmSync(folder, { recursive: true });
    const env = { WINWIRE_BINDING: join(kept, file) };
    expect(runProgram(thisNode, 'failure.mjs', { env })).toEqual({ code: 'none' });
    const elsewhere = { WINWIRE_BINDING: join(kept, 'missing.node') };
    const { message } = runProgram(thisNode, 'failure.mjs', { env: elsewhere }) as { message: string };
    expect(message).toContain('no other place was tried');
  });
});
