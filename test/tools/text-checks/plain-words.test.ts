import { describe, expect, it } from 'vitest';
import { importScript } from '../../helpers/script.ts';

const { phrases, wordFaults } = await importScript('tools/text-checks/plain-words.mjs');
const faults = (text: string): string[] => wordFaults('file.ts', text);

describe('the word list', () => {
  it('reports file, line, phrase and the words to use', () => {
    expect(faults('good\n// A limit that is none.')[0]).toBe(
      'file.ts:2: "that is none": write invalid, missing or unknown',
    );
  });

  it.each([
    'that are none',
    'is none',
    'is no URL',
    'what is no number',
    'be it deleted',
    'in silence',
    'Whoever listens',
    'a thread of its own',
    'by itself',
    'is told',
    'tells which',
    'nobody',
    'no refusal',
    'where there is none',
  ])('contains "%s"', (phrase) => {
    expect(faults(`// ${phrase}.`).length).toBeGreaterThan(0);
  });

  it.each(['// of its\n// own', '/**\n * of\n * its own */', 'of its\nown', '# of its\n# own'])(
    'finds a phrase across line breaks: %j',
    (text) => {
      expect(faults(text)).toHaveLength(1);
    },
  );

  it.each(['there is no release', 'is no longer sent', 'tell us', 'its own port', 'the isNone flag', 'may be italic'])(
    'allows "%s"',
    (text) => {
      expect(faults(text)).toEqual([]);
    },
  );

  it('has plain words for each phrase', () => {
    for (const plain of Object.values<string>(phrases)) expect(plain.length).toBeGreaterThan(5);
  });
});
