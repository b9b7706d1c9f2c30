// Shared by the mutants of both languages: { at, length, text or wrap } to splice, and their descriptions.

/**
 * Returns the mutants in the order of the text, each with its file, its line and a description that is unique in the
 * file.
 */
export function named(file, source, mutants) {
  const described = [...mutants]
    .sort((a, b) => a.at - b.at || a.text.length - b.text.length || (a.text < b.text ? -1 : 1))
    .map((mutant) => ({ file, ...mutant, ...describe(source, mutant) }));
  return withNumbers(described);
}

/** Numbers mutants with equal descriptions. */
function withNumbers(mutants) {
  const seen = new Map();
  return mutants.map((mutant) => {
    const name = `${mutant.source}\0${mutant.change}`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return { ...mutant, number: seen.get(name) };
  });
}

export const mutated = (source, { at, length, text, wrap }) =>
  source.slice(0, at) + (wrap ? wrap[0] + source.slice(at, at + length) + wrap[1] : text) + source.slice(at + length);

const oneLine = (text) => text.replace(/\s+/g, ' ').trim();

/** Returns the line of the mutant, that line's text, and the change in words that stay the same when lines move. */
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
