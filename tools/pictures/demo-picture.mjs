// Draws a chapter of the demo's transcript (npm start -s -- --json) as a sequence diagram: the calls of both sides, and
// the bytes between them.
import { arrow, line, svg, text, WIDTH } from './svg.mjs';

const CLIENT = WIDTH / 2 - 60;
const SERVER = WIDTH / 2 + 60;
const GAP = 14;
const ROW = 21;
const TOP = 104;

/** Draws one chapter, given as the demo's events: the chapter, its calls and its check. */
export function demoPicture(events) {
  const chapter = events.find(({ event }) => event === 'chapter');
  const check = events.find(({ event }) => event === 'check');
  const rows = events.filter(({ event }) => event === 'call').flatMap(rowsOf);
  const bottom = TOP + rows.length * ROW;
  return svg(`${chapter.title}: the calls of client and server`, bottom + 48, [
    text(24, 36, chapter.title, 'title'),
    text(CLIENT - GAP, 72, 'client', 'strong', 'end'),
    text(SERVER + GAP, 72, 'server', 'strong'),
    line('life', CLIENT, 62, CLIENT, bottom),
    line('life', SERVER, 62, SERVER, bottom),
    ...rows.flatMap((row, i) => draw(row, TOP + i * ROW)),
    text(WIDTH / 2, bottom + 26, `✓ ${check.what}`, 'good', 'middle'),
  ]);
}

/** Returns a row for a call, and a second one for its data. */
function rowsOf(call) {
  const { side, action } = call;
  const name = call.function;
  const bytes = call.bytes === undefined ? '' : `${call.bytes} bytes`;
  if (name === 'WebSocketCompleteAction') {
    const sent = action === 'SEND_TO_NETWORK' ? bytes : undefined;
    return [{ side, what: `${name}(${call.bytes})`, sent }];
  }
  const said = call.text === undefined ? '' : ` "${call.text}"`;
  if (action !== undefined) {
    const detail = call.room === undefined ? `${bytes}${said}` : `room for ${call.room} bytes`;
    const second = detail === '' ? [] : [{ side, detail }];
    return [{ side, what: `${name} → ${action}` }, ...second];
  }
  return said === ''
    ? [{ side, what: name }]
    : [
        { side, what: name },
        { side, detail: `${call.bufferType}${said}` },
      ];
}

function draw({ side, what, detail, sent }, y) {
  const isClient = side === 'client';
  const [x, anchor] = isClient ? [CLIENT - GAP, 'end'] : [SERVER + GAP, 'start'];
  const words = what === undefined ? text(x, y, detail, 'code-dim', anchor) : text(x, y, what, 'code', anchor);
  if (sent === undefined) return [words];
  const [from, to] = isClient ? [CLIENT, SERVER] : [SERVER, CLIENT];
  return [words, arrow(from, to, y - 4), text(WIDTH / 2, y - 9, sent, 'dim', 'middle')];
}
