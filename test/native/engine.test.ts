import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../helpers/folder.ts';

// The engine's own tests are a C++ program; each one is reported here under its title.
const program = path.resolve('build/Release', process.platform === 'win32' ? 'engine_tests.exe' : 'engine_tests');

interface Run {
  readonly status: number | null;
  readonly lines: readonly string[];
}

/** Output goes to a file: under Wine a child of node.exe cannot have a pipe. */
function runProgram(...args: string[]): Run {
  const folder = makeFolder('engine');
  const file = path.join(folder, 'output');
  const output = openSync(file, 'w');
  try {
    const { status, error } = spawnSync(program, args, { stdio: ['ignore', output, output] });
    if (error) throw error;
    return { status, lines: readFileSync(file, 'utf8').split(/\r?\n/) };
  } finally {
    closeSync(output);
    removeFolder(folder);
  }
}

/** Parses the program's report: nothing for a passed test, the failed check otherwise. */
function failuresByTitle(lines: readonly string[]): Map<string, string | undefined> {
  const failures = new Map<string, string | undefined>();
  let failing: string | undefined;
  for (const line of lines) {
    const told = /^(not )?ok (.*)$/.exec(line);
    if (told) {
      failing = told[1] ? told[2] : undefined;
      failures.set(told[2] as string, told[1] ? '' : undefined);
    } else if (failing !== undefined && line.startsWith('  ')) {
      failures.set(failing, `${failures.get(failing)}${line}\n`);
    }
  }
  return failures;
}

const isBuilt = existsSync(program);
const titles = isBuilt ? runProgram('--list').lines.filter((line) => line !== '') : [];
const run: Run = isBuilt ? runProgram() : { status: null, lines: [] };
const failures = failuresByTitle(run.lines);

describe('the engine', () => {
  it('has its tests built', () => {
    expect(isBuilt, `${program} is not there: npm run build`).toBe(true);
  });

  it.each(titles)('%s', (title) => {
    expect(failures.has(title), 'the program ended before this test').toBe(true);
    expect(failures.get(title)).toBeUndefined();
  });

  it('runs all of its tests', () => {
    expect(titles.length).toBeGreaterThan(200);
    expect(run.lines).toContain(`${titles.length} passed, 0 failed`);
    expect(run.status).toBe(0);
  });
});
