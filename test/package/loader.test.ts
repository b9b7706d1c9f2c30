// The loader's errors for a package with wrong addons.
import { cpSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../helpers/folder.ts';
import { INSTALLED, RUNTIMES, type Runtime, runProgram } from './project.ts';

const [thisNode] = RUNTIMES as [Runtime];
const folder = join(INSTALLED, 'prebuilds', `${process.platform}-${process.arch}`);

describe('the loader', () => {
  let kept: string;
  let file: string;

  beforeEach(() => {
    kept = join(realpathSync(makeFolder('addon')), 'kept');
    cpSync(folder, kept, { recursive: true });
    file = readdirSync(folder).find((name) => !name.includes('musl')) as string;
  });

  afterEach(() => {
    cpSync(kept, folder, { recursive: true });
    removeFolder(join(kept, '..'));
  });

  it('lists each tried file and what to do if there is no addon for this system', () => {
    removeFolder(folder);
    const { code, message } = runProgram(thisNode, 'failure.mjs') as { code: string; message: string };
    expect(code).toBe('ERR_BINDING_UNAVAILABLE');
    const lines = message.split('\n');
    expect(lines[0]).toContain(`${process.platform}-${process.arch}, Node ${process.version}`);
    expect(lines.filter((line) => line.endsWith(': no such file'))).toHaveLength(3);
    expect(message).toContain(join(realpathSync(INSTALLED), 'prebuilds', `${process.platform}-${process.arch}`, file));
    expect(lines.at(-1)).toMatch(/^There is a prebuilt addon for .*bundler.*external.*npm run build.*WINWIRE_BINDING/);
  });

  it("reports the system's error for a damaged file", () => {
    writeFileSync(join(folder, file), 'damaged');
    const { message } = runProgram(thisNode, 'failure.mjs') as { message: string };
    expect(message).toMatch(new RegExp(`${file.replaceAll('.', '\\.')}: (?!no such file)\\S+`));
  });

  it('loads only the file that WINWIRE_BINDING names', () => {
    removeFolder(folder);
    const env = { WINWIRE_BINDING: join(kept, file) };
    expect(runProgram(thisNode, 'failure.mjs', { env })).toEqual({ code: 'none' });
    const elsewhere = { WINWIRE_BINDING: join(kept, 'missing.node') };
    const { message } = runProgram(thisNode, 'failure.mjs', { env: elsewhere }) as { message: string };
    expect(message).toContain('no other place was tried');
  });
});
