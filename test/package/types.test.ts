import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, it } from 'vitest';
import { CLIENTS, INSTALLED, inProject, PROJECT, TARBALL, TOOLS } from './project.ts';

const require = createRequire(import.meta.url);
const programOf = (name: string, file: string) => join(dirname(require.resolve(`${name}/package.json`)), file);

function run(program: string, args: readonly string[], cwd = PROJECT) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

describe('the declarations', () => {
  const resolutions = [
    ['node16', ['--module', 'node16']],
    ['nodenext', ['--module', 'nodenext']],
    ['bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ] as const;

  describe.each(['5.0', '5.5', '5.9', '7'])('compile in a program with TypeScript %s', (version) => {
    const tsc =
      version === '7'
        ? programOf('typescript', 'bin/tsc')
        : join(TOOLS, 'node_modules', `typescript-${version}`, 'bin', 'tsc');

    it.each(resolutions)(
      'compile under %s resolution, without skipLibCheck',
      (_name, options) => {
        const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022'];
        const args = [...strict, '--lib', 'es2022', '--types', 'node', ...options, inProject('types.mts')];
        expect(run(tsc, args)).toEqual({ status: 0, output: '' });
      },
      60_000,
    );
  });

  it.each([20, 22, 24, 26])(
    'fit undici 6, 7 and 8, and fetch and agents of Node %i',
    (line) => {
      const folder = join(CLIENTS, `with-types-${line}`);
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
      const link = (target: string, name: string) =>
        symlinkSync(target, join(folder, 'node_modules', name), 'junction');
      link(join(CLIENTS, 'node_modules', `node-types-${line}`), '@types/node');
      link(INSTALLED, 'winwire');
      const program = join(folder, 'dispatcher.mts');
      cpSync(fileURLToPath(new URL('programs/dispatcher.mts', import.meta.url)), program);
      // The declarations of undici do not all compile with those of the other versions beside them.
      const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', '--ignoreConfig'];
      const args = [
        ...strict,
        '--target',
        'es2022',
        '--lib',
        'es2022',
        '--types',
        'node',
        '--module',
        'nodenext',
        program,
      ];
      expect(run(programOf('typescript', 'bin/tsc'), args, folder)).toEqual({ status: 0, output: '' });
    },
    60_000,
  );

  it('pass Are The Types Wrong for packages that are ESM', () => {
    const { status, output } = run(programOf('@arethetypeswrong/cli', 'dist/index.js'), [
      TARBALL,
      ...['--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color'],
    ]);
    expect(status, output).toBe(0);
  });
});

describe('package.json', () => {
  it('passes publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: INSTALLED, strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}, { color: false }))).toEqual([]);
  });
});
