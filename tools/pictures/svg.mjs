// The frame, the colours and the helpers of every picture. Colours follow the reader's light or dark scheme.

/** The width of a picture, which GitHub shows without scaling. */
export const WIDTH = 880;

/** Returns a picture with these elements; `title` is for screen readers. */
export function svg(title, height, elements) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img" aria-labelledby="t">`,
    `<title id="t">${escapeXml(title)}</title>`,
    STYLE,
    `<rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    ...elements,
    '</svg>\n',
  ].join('\n');
}

/** Returns a line of text. `anchor` is `start`, `middle` or `end`. */
export function text(x, y, content, kind = '', anchor = 'start') {
  const style = kind === '' ? '' : ` class="${kind}"`;
  const side = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text${style} x="${x}" y="${y}"${side}>${escapeXml(content)}</text>`;
}

export const line = (kind, x1, y1, x2, y2) => `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;

/** Returns a horizontal arrow with its head at `x2`. */
export function arrow(x1, x2, y) {
  const back = x2 > x1 ? -7 : 7;
  return `${line('arrow', x1, y, x2 + back, y)}<path class="head" d="M${x2} ${y}l${back} -4v8z"/>`;
}

export const escapeXml = (content) => content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `<style>
  text { font: 14px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; fill: #1f2328; }
  .page { fill: #ffffff; stroke: #d1d9e0; }
  .title { font-size: 18px; font-weight: 600; }
  .strong { font-weight: 600; }
  .dim { fill: #59636e; font-size: 13px; }
  .code { font: 12.5px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
  .code-dim { font: 12.5px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; fill: #59636e; }
  .good { fill: #1a7f37; font-weight: 600; }
  .bad { fill: #cf222e; font: 600 12.5px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
  .bar { fill: #2f7de1; }
  .peer { fill: #afb8c1; }
  .mark { fill: #ffebe9; stroke: #cf222e; stroke-opacity: .4; }
  .life, .rule { stroke: #d1d9e0; }
  .arrow { stroke: #2f7de1; stroke-width: 1.5; }
  .head { fill: #2f7de1; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .page { fill: #0d1117; stroke: #3d444d; }
    .dim, .code-dim { fill: #9198a1; }
    .good { fill: #3fb950; }
    .bad { fill: #f85149; }
    .bar { fill: #4493f8; }
    .peer { fill: #59636e; }
    .mark { fill: #25171c; stroke: #f85149; }
    .life, .rule { stroke: #3d444d; }
    .arrow { stroke: #4493f8; }
    .head { fill: #4493f8; }
  }
</style>`;
