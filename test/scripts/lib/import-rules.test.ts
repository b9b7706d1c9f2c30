import { describe, expect, it } from 'vitest';
import { importScript } from '../../helpers/script.ts';

const { importFaults } = await importScript('scripts/lib/import-rules.mjs');

const faults = (texts: Record<string, string>): string[] => importFaults(new Map(Object.entries(texts)));
const value = (name: string) => `import { x } from '${name}';\n`;
const type = (name: string) => `import type {\n  X,\n} from '${name}';\n`;

describe('the imports of lib', () => {
  it('may go down and within a room', () => {
    expect(
      faults({
        'lib/index.ts': `export { x } from './websocket/web/a.ts';\n`,
        'lib/websocket/web/a.ts': value('../connection/b.ts') + value('../../errors.ts'),
        'lib/websocket/connection/b.ts': value('./c.ts'),
        'lib/websocket/connection/c.ts': type('../../diagnostics/d.ts'),
        'lib/diagnostics/d.ts': '',
        'lib/errors.ts': '',
      }),
    ).toEqual([]);
  });

  it.each([
    ['a value above', 'lib/errors.ts', value('./winhttp/charset.ts')],
    ['a type above', 'lib/diagnostics/har.ts', type('../websocket/connection/accept.ts')],
    ['a dynamic import above', 'lib/winhttp/portable/a.ts', `await import('../request/b.ts');`],
    ['a side effect above', 'lib/websocket/functions/a.ts', `import '../../diagnostics/debug-log.ts';`],
    ['a re-export from beside', 'lib/websocket/web/a.ts', `export * from '../server/b.ts';`],
    ['an entry', 'lib/parity/a.ts', value('../sys.ts')],
    ['a room from a folder without one', 'lib/other/a.ts', value('../parity/compare.ts')],
  ])('reject %s', (_what, file, text) => {
    expect(faults({ [file]: text })).toEqual([expect.stringContaining(`${file}: may not import lib/`)]);
  });

  it('may come from every room in an entry and in the program', () => {
    expect(faults({ 'lib/sys.ts': value('./cli/a.ts'), 'lib/cli/get/b.ts': value('../../index.ts') })).toEqual([]);
  });

  it('have no cycle, type imports included', () => {
    const texts = {
      'lib/a.ts': value('./b.ts'),
      'lib/b.ts': value('./c.ts'),
      'lib/c.ts': type('./b.ts'),
    };
    expect(faults(texts)).toEqual(['a cycle of imports: lib/b.ts > lib/c.ts > lib/b.ts']);
  });

  it('use unique file names', () => {
    expect(faults({ 'lib/cli/limits.ts': '', 'lib/http1/limits.ts': '' })).toEqual([
      'two files have the name limits.ts: lib/cli/limits.ts, lib/http1/limits.ts',
    ]);
  });
});
