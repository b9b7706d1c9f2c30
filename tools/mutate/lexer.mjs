/**
 * Blanks out everything in a C++ file that is not mutated (comments, literals, preprocessor lines, static_asserts),
 * without moving the rest, so that indices stay valid.
 */
export function blankNonCode(text) {
  let code = '';
  for (let at = 0; at < text.length; ) {
    const end = endOfNonCode(text, at);
    if (end > at) {
      code += blank(text.slice(at, end));
      at = end;
    } else {
      code += text[at++];
    }
  }
  return blankStaticAsserts(code);
}

const blank = (text) => text.replace(/[^\n]/g, ' ');

/** Returns the end of the comment, literal or preprocessor line that starts here; `at` if none starts. */
function endOfNonCode(text, at) {
  if (text.startsWith('//', at)) return endOfLine(text, at);
  if (text.startsWith('/*', at)) return after(text, '*/', at + 2);
  if (text.startsWith('R"', at) && !/\w/.test(text[at - 1] ?? ' ')) return endOfRawString(text, at);
  if (text[at] === '"') return endOfQuoted(text, at);
  // A quote inside a number (1'000) separates digits.
  if (text[at] === "'" && !/[\da-fA-F]/.test(text[at - 1] ?? ' ')) return endOfQuoted(text, at);
  if (text[at] === '#' && /^[ \t]*$/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at)))
    return endOfDirective(text, at);
  return at;
}

function after(text, mark, from) {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}

function endOfLine(text, at) {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** A line that ends in a backslash continues. */
function endOfDirective(text, at) {
  let end = endOfLine(text, at);
  while (text[end - 1] === '\\' && end < text.length) end = endOfLine(text, end + 1);
  return end;
}

function endOfQuoted(text, at) {
  let end = at + 1;
  while (end < text.length && text[end] !== text[at]) end += text[end] === '\\' ? 2 : 1;
  return Math.min(end + 1, text.length);
}

function endOfRawString(text, at) {
  const delimiter = text.slice(at + 2, text.indexOf('(', at));
  return after(text, `)${delimiter}"`, at);
}

function blankStaticAsserts(code) {
  let result = code;
  for (const { index } of code.matchAll(/\bstatic_assert\s*\(/g)) {
    const end = closingParenthesis(code, code.indexOf('(', index)) + 1;
    result = result.slice(0, index) + blank(result.slice(index, end)) + result.slice(end);
  }
  return result;
}

/** Returns the index of the parenthesis that closes the one at `open`. */
export function closingParenthesis(code, open) {
  let depth = 0;
  for (let at = open; at < code.length; ++at) {
    if (code[at] === '(') ++depth;
    if (code[at] === ')' && --depth === 0) return at;
  }
  return code.length - 1;
}
