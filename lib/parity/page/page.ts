/** The report as one self-contained HTML page: without network, other files, or scripts needed for reading. */
import { escapeMarkup } from '../render-data.ts';
import {
  countsOf,
  type ParityReport,
  type ScenarioResult,
  type ScenarioVerdict,
  VERDICTS,
  verdictText,
} from '../report.ts';
import { providerText } from '../step-text.ts';
import { COMPONENT_NAMES } from '../subject.ts';
import { diagram } from './diagram.ts';
import { finding } from './finding.ts';
import { legend } from './legend.ts';
import { rowsOf } from './rows.ts';
import { script } from './script.ts';
import { style } from './style.ts';

const KINDS: Readonly<Record<ScenarioVerdict, readonly [kind: string, mark: string]>> = {
  different: ['different', '✗'],
  'known difference': ['known', '≈'],
  equal: ['equal', '✓'],
  'not applicable': ['na', '–'],
};

/** Forbids loading anything, whatever a trace contains. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Returns the page. */
export function renderHtml(report: ParityReport): string {
  const { left, right } = report;
  const title = `${left.name} ↔ ${right.name}: parity`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeMarkup(title)}</title>
<style>${style}</style>
</head>
<body>
${header(report)}
<main>
${filters(report)}
${legend()}
${sections(report)}
<p class="empty" hidden>No scenario fits the filters.</p>
</main>
<footer>winwire ${escapeMarkup(report.winwire)}. Keys, masks and ports are left out of the comparison; bytes of a masking key are written kk.</footer>
<script>${script}</script>
</body>
</html>
`;
}

function header(report: ParityReport): string {
  const { left, right, platform, node, notes, results } = report;
  const name = (text: string, kind: string) => `<span class="${kind}">${escapeMarkup(text)}</span>`;
  return `<header>
<h1>${name(left.name, 'left')}<span class="against">compared with</span>${name(right.name, 'right')}</h1>
<p class="meta">${results.length} scenario${results.length === 1 ? '' : 's'} on ${escapeMarkup(platform)}, Node ${escapeMarkup(node)}</p>
<div class="subjects">${subjectCard(report, 'left')}${subjectCard(report, 'right')}</div>
${notes.map((note) => `<p class="note">${escapeMarkup(note)}</p>`).join('\n')}
${bar(report)}
</header>`;
}

function subjectCard(report: ParityReport, kind: 'left' | 'right'): string {
  const { name, providers } = report[kind];
  const components = [...new Set(report.results.map(({ component }) => component))];
  const rows = components.map((component) => {
    return `<dt>${COMPONENT_NAMES[component]}</dt><dd>${escapeMarkup(providerText(providers[component]))}</dd>`;
  });
  return `<div class="subject ${kind}"><h2>${escapeMarkup(name)}</h2><dl>${rows.join('')}</dl></div>`;
}

function bar(report: ParityReport): string {
  const counts = countsOf(report);
  const parts = VERDICTS.filter((verdict) => counts[verdict] > 0).map(
    (verdict) => `<i class="${KINDS[verdict][0]}" style="flex: ${counts[verdict]}"></i>`,
  );
  return `<div class="bar" aria-hidden="true">${parts.join('')}</div>`;
}

function filters(report: ParityReport): string {
  const counts = countsOf(report);
  const buttons = VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => {
    const label = `<b>${counts[verdict]}</b> ${verdictText(verdict, counts[verdict])}`;
    return `<button type="button" class="${KINDS[verdict][0]}" data-verdict="${verdict}" aria-pressed="true">${label}</button>`;
  });
  return `<div class="filters" hidden>${buttons.join('')}<input type="search" placeholder="Scenario, step or code" aria-label="Search" aria-keyshortcuts="/" title="/"><button type="button" class="toggle">Open all</button></div>`;
}

const HEADINGS: Readonly<Record<ScenarioVerdict, string>> = {
  different: 'Different',
  'known difference': 'Known differences',
  equal: 'Equal',
  'not applicable': 'Not applicable',
};

/** Maximum number of different scenarios that are open at first, so that the others remain visible. */
const OPEN = 8;

/** Sections in order of importance. */
function sections(report: ParityReport): string {
  return VERDICTS.map((verdict) => {
    const members = report.results.filter((result) => result.verdict === verdict);
    if (members.length === 0) return '';
    const open = verdict === 'different' ? OPEN : 0;
    const scenarios = members.map((one, index) => scenario(one, report, index < open)).join('\n');
    return `<section class="${KINDS[verdict][0]}"><h2>${HEADINGS[verdict]}</h2><div class="list">${scenarios}</div></section>`;
  }).join('\n');
}

function scenario(result: ScenarioResult, report: ParityReport, isOpen: boolean): string {
  const { id, title, verdict, group, component, reason } = result;
  const [kind, mark] = KINDS[verdict];
  const because = reason === undefined ? '' : `<p class="reason">${escapeMarkup(sentence(reason))}</p>`;
  const place = `${COMPONENT_NAMES[component]} · ${group}`;
  return (
    `<details id="${escapeMarkup(id)}" class="${kind}" data-verdict="${verdict}" data-text="${escapeMarkup(searchText(result))}"${isOpen ? ' open' : ''}>` +
    `<summary><span class="mark" title="${verdict}">${mark}</span><span class="id">${escapeMarkup(id)}</span>` +
    `<span class="title">${escapeMarkup(title)}</span><span class="group">${escapeMarkup(place)}</span></summary>` +
    `<div class="body">${because}${finding(result, report)}${panels(result, report)}</div></details>`
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** Returns the searchable text: texts, names of steps, codes of failures. */
function searchText({ id, title, group, component, steps }: ScenarioResult): string {
  const words = new Set([id, title, group, component]);
  for (const { left, right } of steps) {
    for (const step of [left, right]) {
      if (step === undefined) continue;
      words.add(step.name);
      if (step.outcome.status === 'failed') words.add(step.outcome.code);
    }
  }
  return [...words].join(' ').toLowerCase();
}

function panels(result: ScenarioResult, { left, right }: ParityReport): string {
  if (result.steps.length === 0) return '';
  const rows = rowsOf(result);
  const panel = (heading: string, side: 'left' | 'right', kind: string) =>
    `<figure class="panel" style="margin:0"><h4 class="${kind}">${escapeMarkup(heading)}</h4>${diagram(rows, side, `${result.id}: ${heading}`)}</figure>`;
  if (result.first === undefined) {
    return `<div class="panels one">${panel(`${left.name} and ${right.name} alike`, 'left', '')}</div>`;
  }
  return `<div class="panels">${panel(left.name, 'left', 'left-name')}${panel(right.name, 'right', 'right-name')}</div>`;
}
