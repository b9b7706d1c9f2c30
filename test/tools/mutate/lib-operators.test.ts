import { describe, expect, it } from 'vitest';
import { importScript } from '../../helpers/script.ts';

const { mutantsOf } = await importScript('tools/mutate/lib-operators.mjs');
const { mutated } = await importScript('tools/mutate/mutants.mjs');

/** Returns the mutants of a source. */
const mutantSources = (source: string): string[] =>
  mutantsOf('lib/a.ts', source).map((mutant: unknown) => mutated(source, mutant));

describe('mutants of TypeScript', () => {
  it.each([
    ['a < b', ['a <= b', 'a >= b']],
    ['a <= b', ['a < b', 'a > b']],
    ['a > b', ['a <= b', 'a >= b']],
    ['a >= b', ['a < b', 'a > b']],
    ['a === b', ['a !== b']],
    ['a !== b', ['a === b']],
    ['a == null', ['a != null']],
    ['a && b', ['a || b']],
    ['a || b', ['a && b']],
    ['a + b', ['a - b']],
    ['a - b', ['a + b']],
    ['a += b', ['a -= b']],
    ['a -= b', ['a += b']],
    ['a++', ['a--']],
    ['--a', ['++a']],
    ['!a', ['a']],
    ['f(true)', ['f(false)']],
    ['a ? b : c', ['!(a) ? b : c']],
    ['a < 1 ? b : c', ['a <= 1 ? b : c', 'a >= 1 ? b : c']],
    ['if (a) b()', ['if (!(a)) b()', 'if (false && (a)) b()']],
    ['if (!a) b()', ['if (a) b()', 'if (false && (!a)) b()']],
    ['while (a) b()', ['while (!(a)) b()']],
    ['do b(); while (a)', ['do b(); while (!(a))']],
  ])('%s', (source, expected) => {
    expect(mutantSources(`${source};`).sort()).toEqual(expected.map((text) => `${text};`).sort());
  });

  it('leaves types, comments and strings alone', () => {
    const source = [
      '// a && b',
      'interface A<T extends true> { readonly b: (c: string | false) => boolean }',
      'type C = A extends B ? true : false;',
      `const d: 'a && b' = 'a && b' as const;`,
    ].join('\n');
    expect(mutantSources(source)).toEqual([]);
  });

  it('sees through assertions and past comments', () => {
    expect(mutantSources('(a as boolean /* && */) /* || */ && b! satisfies true;')).toEqual([
      '(a as boolean /* && */) /* || */ || b! satisfies true;',
    ]);
  });

  it('names each mutant by its line, its change and a number', () => {
    const source = `// ü 😀\nx(a++);\n\nx(a++);\n`;
    expect(mutantsOf('lib/a.ts', source)).toEqual([
      expect.objectContaining({ line: 2, column: 4, source: 'x(a++);', change: '`++` becomes `--`', number: 1 }),
      expect.objectContaining({ line: 4, column: 4, source: 'x(a++);', change: '`++` becomes `--`', number: 2 }),
    ]);
  });
});
