import { beforeAll, describe, expect, test } from 'vitest';
import {
  builtInScenarios,
  compareSubjects,
  type ParityReport,
  renderHtml,
  websocketScenarios,
} from '../../../lib/parity.ts';
import { PropertyType, websocketFunctions } from '../../../lib/sys.ts';
import { faults } from '../faults.ts';
import { evaluate, hasBrowser, screenshot } from './browser.ts';

const fault = faults.find(({ what }) => what.startsWith('a pong loses')) as (typeof faults)[number];
const HOSTILE = '<img src=x onerror="parent.postMessage(1, 1)"> & "quotes" \u0000';

let report: ParityReport;
let page: string;

const count = (text: string, part: string | RegExp) => [...text.matchAll(new RegExp(part, 'g'))].length;

beforeAll(async () => {
  const [hostile] = websocketScenarios(HOSTILE, {
    hostile: [HOSTILE, (t) => void t.attempt(() => t.open('server').sendText(HOSTILE, HOSTILE))],
  });
  report = await compareSubjects({
    left: 'portable',
    right: { name: `faulty ${HOSTILE}`, websocket: fault.functions },
    scenarios: [
      ...builtInScenarios.filter(({ id }) => /^(ping|close-by|read-done)/.test(id)),
      hostile as NonNullable<typeof hostile>,
    ],
  });
  page = renderHtml(report);
});

describe('the page', () => {
  test('loads no other file', () => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<link|@import|url\(|<script src|<img|https?:\/\//);
  });

  test('escapes markup in traces', () => {
    expect(page).not.toContain('<img');
    expect(page).not.toContain('\u0000');
    expect(page).toContain('&lt;img src=x');
  });

  test('has a section for each verdict, the most important first', () => {
    const headings = [...page.matchAll(/<section class="\w+"><h2>([^<]*)/g)].map(([, heading]) => heading);
    expect(headings).toEqual(['Different', 'Equal', 'Not applicable']);
  });

  test('marks the first difference once on each side, at the step of the report', () => {
    const [scenario] = page.match(/<details id="ping-answered"[\s\S]*?<\/details>/) ?? [''];
    expect(count(scenario, 'class="band first"')).toBe(2);
    expect(count(scenario, 'First difference')).toBe(4); // text and tooltip
    const { first = -1 } = report.results.find(({ id }) => id === 'ping-answered') ?? {};
    const [, step] = /data-step="(\d+)"><rect class="band first"/.exec(scenario) ?? [];
    expect(Number(step)).toBe(first + 1);
    expect(scenario).toContain('PONG, 5 bytes &quot;Hello&quot;');
    expect(scenario).toContain('PONG, 4 bytes &quot;Hell&quot;');
  });

  test('draws one diagram if the traces are equal, two if they differ', () => {
    const diagrams = (id: string) => {
      const [scenario] = page.match(new RegExp(`<details id="${id}"[\\s\\S]*?</details>`)) ?? [''];
      return count(scenario, '<svg class="diagram"');
    };
    expect(diagrams('close-by-client')).toBe(1);
    expect(diagrams('ping-answered')).toBe(2);
    expect(diagrams('read-done')).toBe(0);
  });
});

/** Subjects that answer one call differently. */
const other = { name: 'other', websocket: { ...websocketFunctions, WebSocketGetGlobalProperty: () => 1 } };

const asks = (name: string, times: number) =>
  websocketScenarios(name, {
    [name]: [
      'one call over and over',
      (t) => {
        for (let i = 0; i < times; i += 1) t.sys.WebSocketGetGlobalProperty(PropertyType.KEEPALIVE_INTERVAL);
      },
    ],
  });

describe('a page with many scenarios', () => {
  test('says that it omits different steps', async () => {
    const many = renderHtml(await compareSubjects({ left: 'portable', right: other, scenarios: asks('many', 20) }));
    const [, words] = /<span>([^<]* not drawn[^<]*)/.exec(many) ?? [];
    // The page draws twelve different steps, two neighbours, and the end of the script.
    expect(words).toBe('6 more steps not drawn that differ');
  });

  test('says that omitted steps are equal', async () => {
    const scenarios = asks('many', 20);
    const many = renderHtml(await compareSubjects({ left: 'portable', right: 'portable', scenarios }));
    expect(many).toMatch(/\d+ equal steps not drawn/);
  });

  test('opens only the first scenarios that differ', async () => {
    const scenarios = Array.from({ length: 20 }, (_, index) => asks(`scenario-${index}`, 1)).flat();
    const many = renderHtml(await compareSubjects({ left: 'portable', right: other, scenarios }));
    expect(count(many, '<details ')).toBe(20);
    expect(count(many, / open>/)).toBe(8);
  });
});

const views = [
  { width: 400, height: 900 },
  { width: 400, height: 900, dark: true },
  { width: 1400, height: 900 },
  { width: 1400, height: 900, dark: true },
];

describe.runIf(hasBrowser)('in Chromium', () => {
  test.each(views)('fits $width pixels, dark: $dark', async (view) => {
    const found = await evaluate(
      page,
      `{
        overflow: document.documentElement.scrollWidth - innerWidth,
        panels: new Set([...document.querySelectorAll('#ping-answered .panel')].map((one) => one.getBoundingClientRect().top)).size,
        rows: [...document.querySelectorAll('#ping-answered .row.differing .band')].map((one) => Math.round(one.getBoundingClientRect().height)),
        dark: matchMedia('(prefers-color-scheme: dark)').matches,
        ink: getComputedStyle(document.body).color,
        paper: getComputedStyle(document.body).backgroundColor,
      }`,
      view,
    );
    expect(found).toMatchObject({ overflow: 0, panels: view.width < 860 ? 2 : 1, dark: view.dark === true });
    const { rows, ink, paper } = found as { rows: number[]; ink: string; paper: string };
    expect(rows.length).toBeGreaterThan(1);
    expect(Math.min(...rows)).toBeGreaterThan(20);
    expect(contrast(ink, paper)).toBeGreaterThan(7);
  });

  test('filters the scenarios', async () => {
    const found = await evaluate(
      page,
      `(() => {
        const shown = () => [...document.querySelectorAll('details:not([hidden])')].map((one) => one.id);
        const press = (verdict) => document.querySelector('button[data-verdict="' + verdict + '"]').click();
        const type = (text) => {
          const input = document.querySelector('input[type=search]');
          input.value = text;
          input.dispatchEvent(new Event('input'));
        };
        const all = shown().length;
        press('equal');
        press('not applicable');
        const different = shown();
        type('ping-answered');
        const searched = shown();
        type('no such thing');
        return { all, different, searched, none: shown(), empty: !document.querySelector('.empty').hidden };
      })()`,
      { width: 1000, height: 800 },
    );
    const different = report.results.filter(({ verdict }) => verdict === 'different').map(({ id }) => id);
    expect(different).toContain('ping-answered');
    expect(found).toEqual({
      all: report.results.length,
      different,
      searched: ['ping-answered'],
      none: [],
      empty: true,
    });
  });

  test('opens and closes all visible scenarios', async () => {
    const found = await evaluate(
      page,
      `(() => {
        const toggle = document.querySelector('.toggle');
        const state = () => [toggle.textContent, document.querySelectorAll('details[open]').length];
        const states = [state()];
        for (let i = 0; i < 2; i += 1) {
          toggle.click();
          states.push(state());
        }
        return states;
      })()`,
      { width: 1000, height: 800 },
    );
    const different = report.results.filter(({ verdict }) => verdict === 'different').length;
    expect(found).toEqual([
      ['Open all', different],
      ['Close all', report.results.length],
      ['Open all', 0],
    ]);
  });

  test('shows the different step on screen', async () => {
    const view = { width: 1400, height: 900 };
    const expression = "document.querySelector('.finding').getBoundingClientRect().bottom";
    expect(await evaluate(page, expression, view)).toBeLessThan(view.height);
    // An empty page of this size is a tenth as large.
    expect((await screenshot(page, view)).length).toBeGreaterThan(50_000);
  });
});

function contrast(a: string, b: string): number {
  const [light, dark] = [a, b].map(luminance).sort((one, other) => other - one) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2, "relative luminance". */
function luminance(color: string): number {
  const [r, g, b] = (color.match(/\d+/g) ?? []).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
