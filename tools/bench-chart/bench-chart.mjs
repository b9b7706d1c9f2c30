// Draws the chart of build/bench.json: a bar for each ratio, and a line at 1.
import { wordsOf } from './bench-words.mjs';

const WIDTH = 980;
const ROW = 26;
const LABELS = 290;
const BARS = 380;
const TOP = 74;
const NOTE = 18;
/** A larger spread means that the machine was busy. */
const UNCERTAIN = 0.2;

/** Draws the rows of one platform and one version of Node as an SVG for light and dark schemes. */
export function benchChart(rows, platform) {
  const notes = notesOf(rows);
  const bottom = TOP + rows.length * ROW + 34;
  const height = bottom + notes.length * NOTE + (notes.length > 0 ? 12 : 0);
  const longest = Math.max(2, ...rows.map((row) => row.ratio));
  const scale = (ratio) => LABELS + (Math.min(ratio, longest) / longest) * BARS;
  const where = [platform, ...distinct(rows, 'processor'), `Node ${distinct(rows, 'node').join(', ')}`].join(', ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img" aria-labelledby="t">`,
    `<title id="t">winwire against its peers: ${escapeXml(where)}</title>`,
    STYLE,
    `<rect class="page" width="${WIDTH}" height="${height}" rx="8"/>`,
    `<text class="title" x="20" y="32">winwire against its peers</text>`,
    `<text class="dim" x="20" y="52">${escapeXml(where)}. Longer is better; the peer is 1. Pale: the rounds differ too much.</text>`,
    ...rows.map((row, i) => bar(row, TOP + i * ROW, scale)),
    `<line class="equal" x1="${scale(1)}" x2="${scale(1)}" y1="${TOP - 8}" y2="${bottom - 30}"/>`,
    `<text class="dim" x="${scale(1)}" y="${bottom - 14}" text-anchor="middle">1 = the peer</text>`,
    ...notes.map((note, i) => `<text class="dim" x="20" y="${bottom + 6 + i * NOTE}">${escapeXml(note)}</text>`),
    '</svg>\n',
  ].join('\n');
}

/** Returns each reason for rows below 1 once. */
function notesOf(rows) {
  const below = rows.filter((row) => row.ratio < 1).map((row) => wordsOf(row.id).belowOne);
  return [...new Set(below.filter((note) => note !== undefined))];
}

const distinct = (rows, field) => [...new Set(rows.map((row) => row[field]).filter(Boolean))];

function bar({ id, ratio, spread, ours, peer, unit, peerName }, y, scale) {
  const middle = y + ROW / 2;
  const half = (ratio * spread) / 2;
  const end = scale(ratio);
  return [
    `<text class="label" x="${LABELS - 12}" y="${middle + 4}" text-anchor="end">${escapeXml(wordsOf(id).title)}</text>`,
    `<rect class="${ratio >= 1 ? 'better' : 'worse'}${spread > UNCERTAIN ? ' uncertain' : ''}" x="${LABELS}" y="${y + 5}" width="${(end - LABELS).toFixed(1)}" height="${ROW - 10}" rx="3"/>`,
    `<line class="spread" x1="${scale(Math.max(0, ratio - half)).toFixed(1)}" x2="${scale(ratio + half).toFixed(1)}" y1="${middle}" y2="${middle}"/>`,
    `<text class="value" x="${(scale(ratio + half) + 10).toFixed(1)}" y="${middle + 4}">${ratio.toFixed(2)} ×`,
    `<tspan class="dim" dx="6">${escapeXml(`${readable(ours)} : ${readable(peer)} ${unit} (${peerName})`)}</tspan></text>`,
  ].join('');
}

/** 12,345 or 1.2 million. */
function readable(value) {
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} million`;
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}

const escapeXml = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `<style>
  text { font: 13px system-ui, "Segoe UI", Roboto, sans-serif; fill: #1f2328; }
  .page { fill: #ffffff; }
  .title { font-size: 18px; font-weight: 600; }
  .label, .value { font-variant-numeric: tabular-nums; }

  .value { font-weight: 600; }
  .dim { fill: #59636e; font-weight: 400; font-size: 12px; }
  .better { fill: #2f7de1; }
  .worse { fill: #c9773a; }
  .uncertain { opacity: .35; }
  .spread { stroke: #1f2328; stroke-opacity: .45; stroke-width: 2; }
  .equal { stroke: #59636e; stroke-dasharray: 4 4; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .page { fill: #0d1117; }
    .dim { fill: #9198a1; }
    .better { fill: #4493f8; }
    .worse { fill: #db8b4b; }
    .spread { stroke: #e6edf3; }
    .equal { stroke: #9198a1; }
  }
</style>`;
