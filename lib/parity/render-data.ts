/** The report as JSON and JUnit XML. */
import { countsOf, type ParityReport, type ScenarioResult, type ScenarioVerdict } from './report.ts';
import { pairTitle, stepText } from './step-text.ts';
import { COMPONENT_NAMES } from './subject.ts';
import { fieldText } from './value-text.ts';

/** Returns the report as JSON: the result of compareSubjects, and the counts. */
export function renderJson(report: ParityReport): string {
  return `${JSON.stringify({ ...report, counts: countsOf(report) }, null, 2)}\n`;
}

/** Returns the report as JUnit XML for CI systems: a suite for each group, a failure for each different scenario. */
export function renderJunit(report: ParityReport): string {
  const groups = groupsOf(report.results);
  const counts = countsOf(report);
  const suites = [...groups].map(([name, results]) => suite(name, results, report));
  const total = `tests="${report.results.length}" failures="${counts.different}" skipped="${counts['not applicable']}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="winwire parity" ${total}>\n${suites.join('')}</testsuites>\n`;
}

function groupsOf(results: readonly ScenarioResult[]): Map<string, ScenarioResult[]> {
  const groups = new Map<string, ScenarioResult[]>();
  for (const result of results) {
    const name = `${COMPONENT_NAMES[result.component]}: ${result.group}`;
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return groups;
}

function suite(name: string, results: readonly ScenarioResult[], report: ParityReport): string {
  const count = (verdict: ScenarioVerdict) => results.filter((result) => result.verdict === verdict).length;
  const numbers = `tests="${results.length}" failures="${count('different')}" skipped="${count('not applicable')}"`;
  const cases = results.map((result) => testCase(name, result, report));
  return `  <testsuite name="${escapeMarkup(name)}" ${numbers}>\n${cases.join('')}  </testsuite>\n`;
}

function testCase(suiteName: string, result: ScenarioResult, report: ParityReport): string {
  const start = `    <testcase classname="${escapeMarkup(suiteName)}" name="${escapeMarkup(`${result.id}: ${result.title}`)}"`;
  const inner = innerOf(result, report);
  return inner === '' ? `${start}/>\n` : `${start}>\n${inner}    </testcase>\n`;
}

function innerOf(result: ScenarioResult, report: ParityReport): string {
  if (result.verdict === 'not applicable') return `      <skipped message="${escapeMarkup(result.reason ?? '')}"/>\n`;
  if (result.verdict === 'equal') return '';
  const details = detailsOf(result, report);
  if (result.verdict === 'known difference') {
    return `      <system-out>${escapeMarkup(`${result.reason}\n${details}`)}</system-out>\n`;
  }
  const pair = result.first === undefined ? undefined : result.steps[result.first];
  const message = pair === undefined ? (result.reason ?? '') : `step ${(result.first ?? 0) + 1}: ${pairTitle(pair)}`;
  return `      <failure message="${escapeMarkup(message)}">${escapeMarkup(details)}</failure>\n`;
}

function detailsOf({ steps }: ScenarioResult, { left, right }: ParityReport): string {
  return steps
    .flatMap((pair, index) => {
      if (pair.differences.length === 0) return [];
      const sides = [`  ${left.name}: ${stepText(pair.left)}`, `  ${right.name}: ${stepText(pair.right)}`];
      return [
        `step ${index + 1}: ${pairTitle(pair)}`,
        ...sides,
        ...pair.differences.map((one) => `  ${fieldText(one)}`),
      ];
    })
    .join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for XML and HTML; characters that XML cannot contain become U+FFFD. */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string)
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
