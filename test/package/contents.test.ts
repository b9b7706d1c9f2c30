import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INSTALLED } from './project.ts';

// Limit for everything except the addons, in bytes. The code is not minified.
const SIZE_LIMIT = 1_500_000;

const files = readdirSync(INSTALLED, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(INSTALLED, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
const manifest = JSON.parse(readFileSync(join(INSTALLED, 'package.json'), 'utf8'));
const sizeOf = (names: readonly string[]) => names.reduce((sum, name) => sum + statSync(join(INSTALLED, name)).size, 0);

describe('the package', () => {
  it('contains only JavaScript, declarations, addons and pages', () => {
    const allowed =
      /^(dist\/.*\.(js|d\.ts)|prebuilds\/[a-z0-9]+-[a-z0-9]+\/winwire(\.glibc|\.musl)?\.node|package\.json|LICENSE|README\.md)$/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
  });

  it(`has less than ${SIZE_LIMIT} bytes without the addons`, () => {
    const others = files.filter((file) => !file.startsWith('prebuilds/'));
    const kinds = ['.js', '.d.ts', '.md', '.json'].map((end) => {
      const size = sizeOf(others.filter((file) => file.endsWith(end)));
      return `${end} ${size}`;
    });
    console.log(`without the addons: ${sizeOf(others)} bytes (${kinds.join(', ')})`);
    expect(sizeOf(others)).toBeLessThan(SIZE_LIMIT);
  });

  it.each(['index', 'sys', 'parity'])('keeps the names of the classes of %s', async (entry) => {
    const exported = Object.entries(await import(join(INSTALLED, 'dist', `${entry}.js`)));
    const classes = exported.filter(([, value]) => typeof value === 'function' && /^class\b/.test(value.toString()));
    expect(classes.length).toBeGreaterThan(1);
    expect(classes.map(([, value]) => (value as { name: string }).name)).toEqual(classes.map(([name]) => name));
  });

  it('has no install script, and no file that makes npm start node-gyp', () => {
    expect(Object.keys(manifest.scripts)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(pre|post)?install$/)]),
    );
    expect(manifest.gypfile).toBe(false);
  });

  it('contains each file that its package.json names', () => {
    const entries = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry as object),
    );
    const missing = [...entries, ...Object.values(manifest.bin)].filter((file) => !existsSync(join(INSTALLED, file)));
    expect(missing).toEqual([]);
  });

  it('contains the documentation in the declarations, and every declaration that is imported', () => {
    const declarations = files.filter((file) => file.endsWith('.d.ts'));
    for (const file of declarations) {
      for (const [, specifier] of readFileSync(join(INSTALLED, file), 'utf8').matchAll(/from ["'](\.[^"']+)["']/g)) {
        expect(specifier).toMatch(/\.js$/);
        const target = join(INSTALLED, file, '..', (specifier as string).replace(/\.js$/, '.d.ts'));
        expect(existsSync(target), `${file}: ${specifier}`).toBe(true);
      }
    }
    const text = declarations.map((file) => readFileSync(join(INSTALLED, file), 'utf8')).join('');
    for (const tag of ['@throws', 'Source', '{@link']) expect(text).toContain(tag);
  });
});
