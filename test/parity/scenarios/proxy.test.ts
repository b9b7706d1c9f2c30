import { describe, expect, test } from 'vitest';
import { resolveProxy } from '../../../lib/index.ts';
import { returns } from '../../../lib/parity/scenarios/pac-statement.ts';
import { bypassScenarios, pacScenarios } from '../../../lib/parity/scenarios/proxy.ts';
import type { ResolveProxies } from '../../../lib/parity/subject.ts';
import { compareSubjects, proxyScenarios, renderText } from '../../../lib/parity.ts';

const all = [...pacScenarios, ...bypassScenarios];
/** Each takes a second of CPU on each side. */
const ENDLESS = ['PF-060', 'PF-061'];
const quick = all.filter(({ id }) => !ENDLESS.includes(id));
const only = (...ids: string[]) => all.filter(({ id }) => ids.includes(id));

const ask: ResolveProxies = (url, options) => resolveProxy(url, { ...options, backend: 'portable' });
const verdicts = (report: Awaited<ReturnType<typeof compareSubjects>>) =>
  report.results.map(({ id, verdict }) => `${id} ${verdict}`);

test('there are at least 60 scripts and 60 bypass lists', () => {
  expect([pacScenarios.length, bypassScenarios.length]).toEqual([87, 65]);
});

test('the portable resolver equals itself', async () => {
  const report = await compareSubjects({ left: 'portable', right: 'portable', scenarios: quick });
  expect(report.results.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
  expect(report.notes).toEqual(['resolveProxy: both backends match bypass lists by the same code of this package.']);
});

describe('a resolver with one fault differs in exactly the look-up that has it', () => {
  test('a port that is left out', async () => {
    const right = {
      name: 'no ports',
      resolveProxy: async (...[url, options]: Parameters<ResolveProxies>) =>
        url === 'https://a.example/x' && 'pac' in options.from ? 'PROXY one.test' : ask(url, options),
    };
    const scenarios = all.filter(({ id }) => /^PF-(0[0-4]|2)/.test(id));
    const report = await compareSubjects({ left: 'portable', right, scenarios });
    const different = report.results.filter(({ verdict }) => verdict !== 'equal');
    const differences = different.map(({ id, steps }) => [id, steps.map((step) => step.differences)]);
    const port = { path: 'outcome.value.0', left: 'PROXY one.test:8001', right: 'PROXY one.test' };
    expect(differences).toEqual([
      ['PF-021', [[], [port], [], []]],
      ['PF-037', [[], [port], [], []]],
    ]);
  });

  test('a bypass list that is not read', async () => {
    const right = {
      name: 'no lists',
      resolveProxy: ((url, { from }) =>
        'proxy' in from ? `PROXY ${from.proxy}` : ask(url, { from } as never)) as ResolveProxies,
    };
    const report = await compareSubjects({ left: 'portable', right, scenarios: only('PF-201', 'PF-202', 'PF-001') });
    expect(verdicts(report)).toEqual(['PF-001 equal', 'PF-201 different', 'PF-202 equal']);
    expect(renderText(report)).toContain(
      'resolveProxy(url http://a.example/, proxy one.test:8001, bypass [a.example])',
    );
  });
});

test('a trace has the script, how it is served, the URL and the routes, and no port of this machine', async () => {
  const report = await compareSubjects({ left: 'portable', right: 'portable', scenarios: only('PF-003', 'PF-083') });
  const [answered, missing] = report.results.map(({ steps }) => steps.map(({ left }) => left));
  const script = 'function FindProxyForURL(url, host) { return "PROXY one.test:8001; PROXY two.test:8002; DIRECT"; }';
  expect(answered).toMatchObject([
    { name: 'PAC script', outcome: { value: script } },
    {
      name: 'resolveProxy',
      args: { url: 'http://a.example/', pac: '<script>' },
      outcome: { value: ['PROXY one.test:8001', 'PROXY two.test:8002', 'DIRECT'] },
    },
    { name: 'end' },
  ]);
  expect(missing).toMatchObject([
    { outcome: { value: { status: 404 } } },
    { outcome: { status: 'failed', code: 'ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT' } },
    { name: 'end' },
  ]);
  expect(JSON.stringify(report.results)).not.toContain('127.0.0.1');
});

test('a scenario may serve several scripts, at different URLs', async () => {
  const scenarios = proxyScenarios('own', {
    two: [
      'two scripts',
      async (t) => {
        const pacs = [await t.serve(returns('DIRECT')), await t.serve(returns('PROXY one.test:1'))];
        for (const pac of pacs) await t.resolve('http://a.example/', { pac });
      },
    ],
  });
  const [result] = (await compareSubjects({ left: 'portable', right: 'portable', scenarios })).results;
  const calls = result?.steps.flatMap(({ left }) => (left?.name === 'resolveProxy' ? [left] : []));
  expect([result?.verdict, calls?.map(({ args, outcome }) => [args.pac, outcome])]).toEqual([
    'equal',
    [
      ['<script>', { status: 'returned', value: ['DIRECT'] }],
      ['<script 2>', { status: 'returned', value: ['PROXY one.test:1'] }],
    ],
  ]);
});

test('is not applicable where a subject has no resolver, and says so', async () => {
  const right = { name: 'mine', createRequest: async () => ({}) as never };
  const report = await compareSubjects({ left: 'portable', right, scenarios: only('PF-001', 'PF-201') });
  expect(verdicts(report)).toEqual(['PF-001 not applicable', 'PF-201 not applicable']);
  expect(report.notes).toEqual(['resolveProxy: mine cannot be asked: mine offers no resolveProxy']);
});

test('a look-up that does not end is aborted at the time limit, and differs', async () => {
  let signal: AbortSignal | undefined;
  const right = {
    name: 'stuck',
    resolveProxy: ((_url, options) => {
      signal = options.signal;
      return new Promise(() => {});
    }) as ResolveProxies,
  };
  const left = { name: 'direct', resolveProxy: () => 'DIRECT' };
  const report = await compareSubjects({ left, right, scenarios: only('PF-201'), timeLimit: 50 });
  expect(report.results).toMatchObject([{ verdict: 'different', reason: 'the script did not end in time with stuck' }]);
  expect(signal?.aborted).toBe(true);
});

test.each([
  [
    'throws',
    () => {
      throw new TypeError('no');
    },
    'TypeError',
  ],
  ['cannot be converted to text', () => Object.create(null), 'TypeError'],
] as const)('a resolver that %s differs, and the run goes on', async (_what, resolve, code) => {
  const right = { name: 'broken', resolveProxy: resolve };
  const report = await compareSubjects({ left: 'portable', right, scenarios: only('PF-001', 'PF-002') });
  expect(verdicts(report)).toEqual(['PF-001 different', 'PF-002 different']);
  expect(report.results[0]?.steps[1]?.right?.outcome).toMatchObject({ status: 'failed', code });
});
