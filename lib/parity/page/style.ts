/** The style sheet of the page: light or dark by the reader's setting, one column on narrow screens. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --panel: #ffffff; --ink: #1c2128; --soft: #5b6470; --line: #dde1e7; --faint: #eef0f3;
  --left: #1f5fc4; --right: #7a3fb8;
  --different: #c22c3e; --different-paper: #fdeced; --different-soft: #fff6f6;
  --known: #94610b; --known-paper: #fdf3dc;
  --equal: #23793f; --equal-paper: #e6f4ea; --na: #6b7480; --na-paper: #eceff2;
  --wire: #0b7285;
  --mono: ui-monospace, SFMono-Regular, "Cascadia Mono", Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", "DejaVu Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12151a; --panel: #1a1e25; --ink: #e4e8ee; --soft: #9aa4b1; --line: #323944; --faint: #232830;
    --left: #7fb0ff; --right: #cf9dff;
    --different: #ff8791; --different-paper: #46202a; --different-soft: #2a1c22;
    --known: #eabb62; --known-paper: #3a2f17;
    --equal: #79cf94; --equal-paper: #1c3526; --na: #97a1ae; --na-paper: #2a3038;
    --wire: #63c7d8;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 var(--sans); }
main, header, footer { max-width: 1480px; margin: 0 auto; padding: 0 28px; }
header { padding-top: 32px; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h1 .left, .left-name { color: var(--left); } h1 .right, .right-name { color: var(--right); }
h1 .against { color: var(--soft); font-weight: 400; padding: 0 0.2em; }
.meta { margin: 4px 0 20px; color: var(--soft); font-size: 13px; }
.subjects { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
.subject { background: var(--panel); border: 1px solid var(--line); border-top: 3px solid; border-radius: 6px; padding: 12px 16px; min-width: 0; }
.subject.left { border-top-color: var(--left); } .subject.right { border-top-color: var(--right); }
.subject h2 { margin: 0 0 4px; font-size: 16px; overflow-wrap: anywhere; }
.subject.left h2 { color: var(--left); } .subject.right h2 { color: var(--right); }
.subject dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; font-size: 13px; }
.subject dt { color: var(--soft); } .subject dd { margin: 0; overflow-wrap: anywhere; }
.note { margin: 16px 0 0; padding: 10px 16px; border-left: 4px solid var(--known); background: var(--known-paper); border-radius: 0 6px 6px 0; font-size: 14px; }
.bar { display: flex; height: 10px; gap: 2px; margin: 24px 0 12px; border-radius: 5px; overflow: hidden; background: var(--faint); }
.bar i { min-width: 4px; }
.bar .different { background: var(--different); } .bar .known { background: var(--known); }
.bar .equal { background: var(--equal); } .bar .na { background: var(--na); opacity: .5; }
.filters { position: sticky; top: 0; z-index: 2; background: var(--paper); padding: 10px 0 12px; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; border-bottom: 1px solid var(--line); }
.filters button { font: inherit; font-size: 14px; color: var(--soft); background: transparent; border: 1px solid var(--line); border-radius: 999px; padding: 4px 14px; cursor: pointer; }
.filters button b { font-variant-numeric: tabular-nums; padding-right: 2px; }
.filters button[aria-pressed="true"] { color: var(--c); border-color: var(--c); background: var(--p); }
.filters .toggle { border-radius: 6px; min-width: 92px; }
.filters input { font: inherit; font-size: 14px; color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 5px 12px; flex: 1 1 180px; min-width: 0; max-width: 360px; margin-left: auto; }
.filters :focus-visible, summary:focus-visible { outline: 2px solid var(--left); outline-offset: 2px; }
.different { --c: var(--different); --p: var(--different-paper); } .known { --c: var(--known); --p: var(--known-paper); }
.equal { --c: var(--equal); --p: var(--equal-paper); } .na { --c: var(--na); --p: var(--na-paper); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 12px 0 0; padding: 0; list-style: none; font-size: 12.5px; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: 8px; }
.swatch { width: 22px; height: 14px; background: var(--p); border-left: 3px solid var(--c); }
.swatch.differs { background: color-mix(in srgb, var(--p) 45%, transparent); border-left-color: color-mix(in srgb, var(--c) 45%, transparent); }
section > h2 { margin: 32px 0 10px; font-size: 18px; line-height: 1.3; letter-spacing: -0.01em; }
section.different > h2 { color: var(--different); }
.list { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
details + details { border-top: 1px solid var(--line); }
section.different .list { background: none; border: 0; }
section.different details { background: var(--panel); border: 1px solid color-mix(in srgb, var(--different) 40%, var(--line)); border-radius: 6px; margin-bottom: 20px; }
summary { display: grid; grid-template-columns: 20px minmax(0, max-content) minmax(0, 1fr) max-content; gap: 0 12px; align-items: baseline; padding: 7px 16px 7px 12px; cursor: pointer; list-style: none; border-radius: 6px; }
section:not(.different) summary:hover { background: var(--faint); }
summary::-webkit-details-marker { display: none; }
summary .group::after { content: ''; display: inline-block; width: 6px; height: 6px; margin: 0 2px 2px 14px; border: solid var(--soft); border-width: 0 1.5px 1.5px 0; transform: rotate(-45deg); }
details[open] > summary .group::after { transform: rotate(45deg); }
summary .mark { color: var(--c); font-weight: 700; text-align: center; }
summary .id { font-family: var(--mono); font-size: 13.5px; font-weight: 600; overflow-wrap: anywhere; }
summary .title { font-size: 14px; }
summary .group { color: var(--soft); font-size: 13px; }
.body { padding: 2px 16px 16px; }
.reason { margin: 0 0 12px; font-size: 14px; }
.reason b { color: var(--c); }
.finding { border: 1px solid var(--c); border-radius: 6px; margin: 0 0 18px; overflow: hidden; }
.finding > p { margin: 0; padding: 9px 14px; background: var(--p); font-size: 14px; overflow-wrap: anywhere; }
.finding > p b { color: var(--c); padding-right: 8px; } .finding code { font-family: var(--mono); font-size: 13px; }
.sides { display: grid; grid-template-columns: 1fr 1fr; }
.sides > div { padding: 10px 14px 12px; min-width: 0; border-top: 1px solid var(--line); }
.sides > div + div { border-left: 1px solid var(--line); }
.sides h4 { margin: 0 0 3px; font-size: 12.5px; font-weight: 600; }
.sides code { display: block; overflow-wrap: anywhere; white-space: pre-wrap; max-height: 14em; overflow: auto; }
.sides small { color: var(--soft); display: block; margin-top: 4px; overflow-wrap: anywhere; }
mark { background: color-mix(in srgb, var(--c) 26%, transparent); color: inherit; border-radius: 2px; box-shadow: 0 0 0 1px color-mix(in srgb, var(--c) 26%, transparent); }
.fields { margin: 0; padding: 8px 14px 10px; border-top: 1px solid var(--line); font-size: 13px; list-style: none; color: var(--soft); overflow-wrap: anywhere; }
.panels { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
.panels.one { grid-template-columns: minmax(0, 760px); }
.panel { min-width: 0; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.panel h4 { margin: 0; padding: 7px 12px; font-size: 13px; background: var(--faint); border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.diagram { display: block; font: 12.5px var(--sans); fill: var(--ink); }
.diagram svg, .diagram foreignObject { overflow: visible; }
.diagram foreignObject { overflow: hidden; }
.head { font-size: 12px; font-weight: 600; fill: var(--soft); }
.number { font-size: 11px; fill: var(--soft); font-variant-numeric: tabular-nums; }
.life { stroke: var(--line); stroke-width: 1.5; }
.line { font: 12.5px/18px var(--mono); color: var(--ink); padding: 0 6px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.line span { background: color-mix(in srgb, var(--row, var(--panel)) 88%, transparent); }
.line.wire { text-align: right; color: var(--wire); font-family: var(--sans); }
.line.result { color: var(--soft); } .line.failure { color: var(--different); }
.line.event { font-style: italic; } .line.observation, .line.end { font-family: var(--sans); color: var(--soft); }
.line.flag { font: 600 12px/18px var(--sans); color: var(--c); }
.line.centre { text-align: center; color: var(--soft); font: 12px/18px var(--sans); }
.gap span { background: var(--panel); padding: 0 8px; }
.arrow line { stroke: var(--ink); stroke-width: 1.2; } .arrow path { fill: var(--ink); }
.arrow.wire line { stroke: var(--wire); stroke-width: 2; } .arrow.wire path { fill: var(--wire); }
.arrow.result line, .arrow.failure line, .arrow.event line { stroke-dasharray: 4 3; stroke: var(--soft); }
.arrow.result path, .arrow.event path { fill: var(--soft); }
.arrow.failure line { stroke: var(--different); } .arrow.failure path { fill: var(--different); }
.gap line { stroke: var(--line); stroke-dasharray: 2 4; stroke-width: 2; }
.missing rect { fill: none; stroke: var(--c); stroke-dasharray: 4 3; }
.band.differs { fill: var(--p); fill-opacity: .45; } .band.first { fill: var(--p); }
.edge { fill: var(--c); } .edge.differs { fill-opacity: .45; }
.row.differing { --row: var(--p); } .row.differing .number { fill: var(--c); font-weight: 700; }
.empty { color: var(--soft); padding: 24px 0; }
footer { color: var(--soft); font-size: 13px; padding-top: 24px; padding-bottom: 40px; }
[hidden] { display: none !important; }
@media (max-width: 860px) {
  main, header, footer { padding-left: 16px; padding-right: 16px; }
  header { padding-top: 20px; } h1 { font-size: 24px; }
  .subjects, .panels, .panels.one { grid-template-columns: minmax(0, 1fr); }
  .filters { position: static; } .filters input { margin-left: 0; max-width: none; flex-basis: 60%; }
  summary { grid-template-columns: 20px minmax(0, 1fr); }
  summary .title, summary .group { grid-column: 2 / -1; }
  .body { padding: 2px 10px 12px; }
}
@media (max-width: 560px) {
  .sides { grid-template-columns: 1fr; } .sides > div + div { border-left: 0; }
  .filters button { padding: 3px 11px; }
}
@media print { .filters { display: none; } details { break-inside: avoid; } }
`;
