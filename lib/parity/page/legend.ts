/** The meaning of the lines and colours of the diagrams. */

const ENTRIES: readonly (readonly [kind: string, words: string])[] = [
  ['call', 'a call'],
  ['result', 'what it returns, or an event'],
  ['failure', 'its failure'],
  ['wire', 'bytes on the wire'],
];

function sample(kind: string): string {
  const back = kind !== 'call' && kind !== 'wire';
  const head = back ? 'M0 6l7 -4v8z' : 'M30 6l-7 -4v8z';
  return (
    `<svg class="sample" width="30" height="12" aria-hidden="true"><g class="arrow ${kind}">` +
    `<line x1="${back ? 6 : 0}" x2="${back ? 30 : 24}" y1="6" y2="6"/><path d="${head}"/></g></svg>`
  );
}

export function legend(): string {
  const arrows = ENTRIES.map(([kind, words]) => `<li>${sample(kind)}${words}</li>`).join('');
  const bands = `<li class="different"><i class="swatch"></i>the first step that differs</li><li class="different"><i class="swatch differs"></i>others that do</li>`;
  return `<ul class="legend" aria-label="Legend of the diagrams">${arrows}${bands}</ul>`;
}
