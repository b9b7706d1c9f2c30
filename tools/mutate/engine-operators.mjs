// Creates mutants of a C++ source text.
import { blankNonCode, closingParenthesis } from './lexer.mjs';
import { named } from './mutants.mjs';

/**
 * Tokens and their replacements. clang-format puts blanks around binary operators and not inside template brackets,
 * which distinguishes them here.
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
  // A removed negation.
  { pattern: /!(?=[\w(:*])/g, by: [''] },
  // A negated condition of ?:.
  { pattern: / \? /g, by: [' == false ? '] },
];

/** Conditions in parentheses are negated and, if they guard a branch, disabled. */
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

/** Every mutant of a file. */
export function mutantsOf(file, source) {
  const code = blankNonCode(source);
  return named(file, source, [...tokenMutants(code), ...guardMutants(code)]);
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
      // `if (const auto x = ...)` is a declaration, which cannot be wrapped.
      if (/^\s*(?:const )?auto\b/.test(condition)) continue;
      for (const [before, after] of wrap) {
        if (before === '!(' && isTurnedByToken(condition)) continue;
        yield { at: open + 1, length: condition.length, wrap: [before, after], text: `${before}${after}` };
      }
    }
  }
}

/** A single comparison or negation is already negated by its own token. */
const isTurnedByToken = (condition) => !/ (?:&&|\|\|) /.test(condition) && / (?:==|!=|<|<=|>|>=) |^!/.test(condition);
