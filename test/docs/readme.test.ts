// README.md from a new user's view: its commands exist, and its programs run as pasted, in page order.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { closedPort } from '../../lib/parity/http-server.ts';
import { RunningCommand } from '../helpers/command-line.ts';
import { importScript } from '../helpers/script.ts';
import { expectedOutput, pages, root } from './samples.ts';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n');
const readme = read('README.md');
const blocks = [...readme.matchAll(/^```(js|sh)\n([\s\S]*?)^```$/gm)].map(([, kind, code = '']) => ({ kind, code }));
const programs = blocks.filter(({ kind }) => kind === 'js');
const manifest = JSON.parse(read('package.json'));

/** Runs a program with node, as a module in a project that has winwire. */
async function run(name: string, code: string) {
  const folder = path.join(root, 'build/readme');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.mjs`);
  writeFileSync(file, code);
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text));
  const [exitCode] = await once(child, 'close');
  return { exitCode, stderr: output.stderr, lines: output.stdout.split('\n').slice(0, -1) };
}

describe('README.md', () => {
  it('shows what winwire is, a picture, the installation and a program first', () => {
    const order = ['winwire gives Node.js', '\n- **', '![', '## Installing', 'npm install', '```js', '## The demo'];
    const places = order.map((text) => readme.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(programs[0]?.code.split('\n').filter((line) => line !== '')).toHaveLength(8);
  });

  it('names the tarball that npm pack makes', () => {
    expect(readme).toContain(`winwire-${manifest.version}.tgz`);
  });

  it('shows pictures that exist, with words for those who do not see them', () => {
    const pictures = [...readme.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)];
    expect(pictures.length).toBe(3);
    for (const [, words = '', file = ''] of pictures) {
      expect(words.length).toBeGreaterThan(20);
      expect(existsSync(path.join(root, file))).toBe(true);
    }
  });

  it('has the figures of the picture in its words', () => {
    const rows = JSON.parse(read('docs/bench/linux-x64-node-20.json')) as { id: string; ours: number; peer: number }[];
    const [row] = rows.filter(({ id }) => id === 'decode-16');
    const [, ours, peer] = /receives ([\d.]+) million messages of 16 bytes, ws ([\d.]+) million/.exec(readme) ?? [];
    expect([Number(ours), Number(peer)]).toEqual(
      [row?.ours, row?.peer].map((value = 0) => Number((value / 1e6).toPrecision(3))),
    );
  });

  it('shows WinHttpRequest.request before the members of an object', () => {
    expect(readme.indexOf('WinHttpRequest.request(')).toBeLessThan(readme.indexOf('WinHttpRequest.create('));
  });

  it.each(pages())('%s names the repository by its placeholder, and only scripts that exist', async (page) => {
    const { PLACEHOLDER } = await importScript('scripts/lib/repository.mjs');
    const text = read(page);
    expect(text).not.toMatch(/<where |<your |example\.com\/winwire/i);
    const repositories = [...text.matchAll(/(?:github\.com\/|uses: )([\w-]+\/winwire)\b/g)].map(([, name]) => name);
    expect(repositories.filter((name) => name !== PLACEHOLDER)).toEqual([]);
    const scripts = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(scripts.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });

  it.runIf(process.platform !== 'win32')('has programs that run as pasted, in order', async () => {
    const port = String(await closedPort());
    let server: RunningCommand | undefined;
    try {
      for (const [i, { kind, code }] of blocks.entries()) {
        const pasted = code.replaceAll('8080', port);
        const [, args] = /^npx winwire (ws --listen \d+)$/m.exec(pasted) ?? [];
        if (args !== undefined) {
          server = new RunningCommand(args.split(' '));
          await server.says(/listening/, 'stdout');
        }
        if (kind !== 'js') continue;
        const lines = expectedOutput({ code });
        expect(lines).not.toEqual([]);
        expect(await run(`block-${i + 1}`, pasted)).toEqual({ exitCode: 0, stderr: '', lines });
      }
    } finally {
      await server?.[Symbol.asyncDispose]();
    }
  });
});
