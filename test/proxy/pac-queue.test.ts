// Scripts that do not end, beside other scripts and other look-ups.
import { expect, test } from 'vitest';
import { runPac } from '../../lib/proxy/pac-engine.ts';

const run = (text: string, host: string) => runPac({ key: text, text }, `http://${host}/`, host);
const find = (body: string) => `function FindProxyForURL(url, host) { ${body} }`;
const hosts = (count: number) => Array.from({ length: count }, (_, i) => `h${i}.example`);

test('runs other scripts between the look-ups of one that does not end', { timeout: 30_000 }, async () => {
  let ended = 0;
  const stuck = hosts(12).map(async (host) => {
    const outcome = await run(find('while (1);'), host);
    ended++;
    return outcome;
  });
  const others = hosts(5).map((host, i) => run(find(`return "PROXY a:${i + 1}"`), host));
  expect(await Promise.all(others)).toEqual(hosts(5).map((_, i) => ({ kind: 'answer', text: `PROXY a:${i + 1}` })));
  expect(ended).toBeLessThan(12);
  expect(new Set((await Promise.all(stuck)).map(({ kind }) => kind))).toEqual(new Set(['failed']));
});

test('gives a script less time after each run without an end, and all of it after an answer', {
  timeout: 30_000,
}, async () => {
  const text = find('if (host != "good.example") while (1); return "PROXY a:1"');
  // On a busy machine more of them would take longer than the last run waits.
  const endless = hosts(5);
  const all = await Promise.all([...endless, 'good.example'].map((host) => run(text, host)));
  expect(all.map(({ kind }) => kind)).toEqual([...endless.map(() => 'failed'), 'answer']);
});

test('runs the top level of a script that does not end once for all look-ups', async () => {
  const outcomes = await Promise.all(hosts(50).map((host) => run('while (1);', host)));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['bad-script']));
});

test('counts the runs before each question as one', { timeout: 30_000 }, async () => {
  const text = find(`
    for (var i = 0; i < 10; i++) {
      for (var end = Date.now() + 300; Date.now() < end; );
      dnsResolve("10.0.0." + i + ".in-addr.invalid");
    }
    return "DIRECT";
  `);
  expect(await run(text, 'a.example')).toMatchObject({ kind: 'failed', message: expect.stringContaining('too long') });
});
