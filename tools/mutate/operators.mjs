// Makes mutants of a source text.
import { blankNonCode, closingParenthesis } from './lexer.mjs';

/**
 * Tokens and what each is replaced by. clang-format sets blanks around binary operators and none inside template
 * brackets, which is how one tells them apart here.
 */
const replacements = [
  { pattern: / < /g, by: [' <= ', ' >= '] },
  { pattern: / <= /g, by: [' < ', ' > '] },
  { pattern: / > /g, by: [' >= ', ' <= '] },
  { pattern: / >= /g, by: [' > ', ' < '] },
  { pattern: / == /g, by: [' != '] },
  { pattern: / != /g, by: [' == '] },
  { pattern: / && /g, by: [' || '] },
  { pattern: / \|\| /g, by: [' && '] },
  { pattern: / \+ /g, by: [' - '] },
  { pattern: / - /g, by: [' + '] },
  { pattern: / \+= /g, by: [' -= '] },
  { pattern: / -= /g, by: [' += '] },
  { pattern: /\+\+/g, by: ['--'] },
  { pattern: /--/g, by: ['++'] },
  { pattern: /\btrue\b/g, by: ['false'] },
  { pattern: /\bfalse\b/g, by: ['true'] },
  // A negation taken away.
  { pattern: /!(?=[\w(:*])/g, by: [''] },
  // A condition of ?: turned round.
  { pattern: / \? /g, by: [' == false ? '] },
];

/** Conditions in parentheses are turned round and, where they guard a branch, switched off. */
const guards = [
  {
    pattern: /\bif (?:constexpr )?\(/g,
    wrap: [
      ['!(', ')'],
      ['false && (', ')'],
    ],
  },
  { pattern: /\bwhile \(/g, wrap: [['!(', ')']] },
];

/** Every mutant of a file: { at, length, text } to splice, and how it reads. */
export function mutantsOf(file, source) {
  const code = blankNonCode(source);
  const found = [...tokenMutants(code), ...guardMutants(code)];
  const described = found
    .sort((a, b) => a.at - b.at || a.text.length - b.text.length || (a.text < b.text ? -1 : 1))
    .map((mutant) => ({ file, ...mutant, ...describe(source, mutant) }));
  return withNumbers(described);
}

/** Counts mutants that read the same, so that each can be named. */
function withNumbers(mutants) {
  const seen = new Map();
  return mutants.map((mutant) => {
    const name = `${mutant.source}\0${mutant.change}`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return { ...mutant, number: seen.get(name) };
  });
}

function* tokenMutants(code) {
  for (const { pattern, by } of replacements) {
    for (const match of code.matchAll(pattern)) {
      for (const text of by) yield { at: match.index, length: match[0].length, text };
    }
  }
}

function* guardMutants(code) {
  for (const { pattern, wrap } of guards) {
    for (const match of code.matchAll(pattern)) {
      const open = match.index + match[0].length - 1;
      const condition = code.slice(open + 1, closingParenthesis(code, open));
      // `if (const auto x = ...)` declares; it is no expression to wrap.
      if (/^\s*(?:const )?auto\b/.test(condition)) continue;
      for (const [before, after] of wrap) {
        if (before === '!(' && isTurnedByToken(condition)) continue;
        yield { at: open + 1, length: condition.length, wrap: [before, after], text: `${before}${after}` };
      }
    }
  }
}

/** A lone comparison or negation is turned round by its own token already. */
const isTurnedByToken = (condition) => !/ (?:&&|\|\|) /.test(condition) && / (?:==|!=|<|<=|>|>=) |^!/.test(condition);

export const mutated = (source, { at, length, text, wrap }) =>
  source.slice(0, at) + (wrap ? wrap[0] + source.slice(at, at + length) + wrap[1] : text) + source.slice(at + length);

const oneLine = (text) => text.replace(/\s+/g, ' ').trim();

/** The line of the mutant, that line's text, and the change in words that stay the same when lines move. */
function describe(source, { at, length, text, wrap }) {
  const start = source.lastIndexOf('\n', at) + 1;
  const end = source.indexOf('\n', at);
  const original = source.slice(at, at + length);
  return {
    line: source.slice(0, at).split('\n').length,
    column: at - start + 1,
    source: oneLine(source.slice(start, end)),
    change: wrap
      ? `\`${oneLine(original)}\` becomes \`${wrap[0]}${oneLine(original)}${wrap[1]}\``
      : `\`${original.trim()}\` becomes \`${text.trim()}\``,
  };
}
