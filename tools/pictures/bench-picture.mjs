// Draws the figures of the README: winwire's bar beside its peer's for a few rows of a benchmark run.
import { svg, text, WIDTH } from './svg.mjs';

const LEFT = 270;
const RIGHT = 120;
const ROW = 52;
const TOP = 88;

const chosen = [
  ['decode-16', 'receive 16-byte messages'],
  ['decode-text-125', 'receive 125-byte texts'],
  ['send-server-125', 'send 125-byte messages'],
  ['echo-32', 'echo server, 100 connections'],
  ['decode-1048576', 'receive 1 MiB messages'],
];

/** Draws the rows of `docs/bench/*.json`; each pair of bars has the faster one as its full length. */
export function benchPicture(rows) {
  const [{ platform, processor, node }] = rows;
  const found = chosen.map(([id, title]) => ({ title, ...rows.find((row) => row.id === id) }));
  return svg('Messages a second, winwire and ws', TOP + found.length * ROW + 40, [
    text(24, 36, 'Messages a second of processor time', 'title'),
    text(24, 60, 'The same bytes in the same Node.js; longer is better.', 'dim'),
    ...found.flatMap((row, i) => pair(row, TOP + i * ROW)),
    text(24, TOP + found.length * ROW + 18, `${processor}, ${platform}, Node.js ${node}; npm run bench`, 'dim'),
  ]);
}

function pair({ title, ours, peer, peerName, ratio }, y) {
  const full = WIDTH - LEFT - RIGHT;
  const most = Math.max(ours, peer);
  const bar = (kind, value, top) =>
    `<rect class="${kind}" x="${LEFT}" y="${top}" width="${((value / most) * full).toFixed(1)}" height="15" rx="2"/>`;
  const label = (name, value, top) =>
    text(LEFT + (value / most) * full + 8, top + 12, `${name} ${short(value)}`, 'dim');
  return [
    text(LEFT - 16, y + 14, title, 'strong', 'end'),
    text(LEFT - 16, y + 32, `${ratio.toFixed(1)} times ${peerName}`, 'dim', 'end'),
    bar('bar', ours, y + 2),
    label('winwire', ours, y + 2),
    bar('peer', peer, y + 20),
    label(peerName, peer, y + 20),
  ];
}

/** 16.4 M, 632 k. */
function short(value) {
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  return value >= 1e5 ? `${Math.round(value / 1e3)} k` : value.toLocaleString('en-US');
}
