import { expect, onTestFinished, test, vi } from 'vitest';
import { runPac } from '../../lib/proxy/pac-engine.ts';
import { PacMachine } from '../../lib/proxy/pac-machine.ts';
import { PAC_LIMITS, type PacOutcome } from '../../lib/proxy/pac-protocol.ts';
import { processorWait } from '../../lib/proxy/processor-wait.ts';

vi.mock('../../lib/proxy/processor-wait.ts', { spy: true });

const run = (body: string, host = 'example.org') => runPac({ key: body, text: body }, `http://${host}/`, host);
const find = (body: string) => `function FindProxyForURL(url, host) { ${body} }`;

test('returns the answer of the script', async () => {
  expect(await run(find('return "PROXY a:1; " + url + host'))).toEqual({
    kind: 'answer',
    text: 'PROXY a:1; http://example.org/example.org',
  });
});

test('ends an endless loop, and the next look-up works', async () => {
  expect(await run(find('while (1);'))).toMatchObject({ kind: 'failed' });
  expect(await run(find('return "DIRECT"'))).toEqual({ kind: 'answer', text: 'DIRECT' });
});

test('ends a script that cannot be interrupted', async () => {
  const text = find('var s = "a"; while (s.length < 4e6) s += s; for (;;) s.indexOf("b" + s.length)');
  expect(await run(text)).toMatchObject({ kind: 'failed' });
});

test('resolves names', async () => {
  expect(await run(find('return dnsResolve("localhost") + myIpAddress()'), '127.0.0.1')).toEqual({
    kind: 'answer',
    text: '127.0.0.1127.0.0.1',
  });
});

test('blocks neither the event loop nor later look-ups during a script that does not end', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  const stuck = run(find('while (1) {}'));
  const later = run(find('return "PROXY later:1"'));
  expect(await stuck).toMatchObject({ kind: 'failed' });
  expect(await later).toEqual({ kind: 'answer', text: 'PROXY later:1' });
  clearInterval(timer);
  // Proves that the event loop kept running; the number depends on the machine.
  expect(ticks).toBeGreaterThan(10);
});

test('has no access to Node.js or the program', async () => {
  const names = ['process', 'require', 'fetch', 'setTimeout', 'global', 'WebAssembly', 'console'];
  const text = find(
    `return ${JSON.stringify(names)}.filter(function (name) { return typeof globalThis[name] !== "undefined" }).join()`,
  );
  expect(await run(text)).toEqual({ kind: 'answer', text: '' });
});

test.each([
  ['throws while it loads', 'throw new Error("top")', /top/],
  ['has a syntax error', 'function (', /./],
  ['has no FindProxyForURL', 'var x = 1', /FindProxyForURL/],
  ['is endless at its top level', 'while (1);', /./],
])('calls a script bad that %s', async (_what, text, message) => {
  const outcome = await run(text);
  expect(outcome).toMatchObject({ kind: 'bad-script', message: expect.stringMatching(message) });
});

test('runs top-level code that resolves names', async () => {
  expect(await run(`var address = dnsResolve("localhost"); ${find('return "PROXY " + address')}`)).toEqual({
    kind: 'answer',
    text: 'PROXY 127.0.0.1',
  });
});

test('keeps global variables from look-up to look-up', async () => {
  const text = `var count = 0; ${find('return "PROXY a:" + ++count')}`;
  expect([await run(text), await run(text)]).toEqual([
    { kind: 'answer', text: 'PROXY a:1' },
    { kind: 'answer', text: 'PROXY a:2' },
  ]);
});

test.each([
  ['an array', '["a.example"]', 'a.example'],
  ['a number', '7', '7'],
  ['an object with toString', '{ toString: function () { return "b" } }', 'b'],
  ['a symbol', 'Symbol("s")', 'Symbol(s)'],
  ['a function', 'function f() {}', 'function f() {}'],
  ['undefined', 'undefined', 'undefined'],
  ['null', 'null', 'null'],
  ['a promise', 'Promise.resolve(1)', '[object Promise]'],
])('converts an argument to text as in the script: %s', async (_what, argument, text) => {
  const body = `return shExpMatch(${argument}, ${JSON.stringify(text.replace(/[()[\]{}]/g, '?'))}) ? "PROXY a:1" : "no"`;
  expect(await run(find(body))).toEqual({ kind: 'answer', text: 'PROXY a:1' });
});

test.each([
  ['throws in toString', 'dnsDomainIs({ toString: function () { throw new Error("trap") } }, ".a")', /trap/],
  [
    'has a getter that throws',
    'dnsDomainIs(new Proxy({}, { get: function () { throw new Error("trap") } }), ".a")',
    /trap/,
  ],
  ['has four thousand million elements', 'dnsDomainIs(new Array(4e9), ".a")', /./],
  ['has millions of characters', 'shExpMatch(new Array(1.5e6).join("a"), "*")', /more than 1048576 characters/],
  ['is a long pattern', 'shExpMatch("a", new Array(1e6).join("?"))', /./],
  ['never ends', 'dnsDomainIs({ toString: function () { while (1); } }, ".a")', /too long/],
])('fails where an argument %s', async (_what, call, message) => {
  const outcome = await run(find(`return ${call} ? "PROXY a:1" : "PROXY b:1"`));
  if (outcome.kind === 'answer') expect(outcome.text).toBe('PROXY b:1');
  else expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringMatching(message) });
});

test.each([
  ['undefined', 'return;'],
  ['null', 'return null'],
  ['a number', 'return 1'],
  ['a symbol', 'return Symbol.iterator'],
  ['a promise', 'return Promise.resolve("PROXY a:1")'],
  ['an object with toString', 'return { toString: function () { return "PROXY a:1" } }'],
  ['a String object', 'return new String("PROXY a:1")'],
  ['an array', 'return ["PROXY a:1"]'],
  [
    'an error with a getter',
    'var e = new Error("x"); Object.defineProperty(e, "message", { get: function () { while (1); } }); throw e',
  ],
  ['an exception that is a huge text', 'throw new Array(4e6).join("x")'],
  ['an exception that is null', 'throw null'],
])('fails where the script gives %s', async (_what, body) => {
  const outcome = await run(find(body));
  expect(outcome).toMatchObject({ kind: 'failed' });
  expect((outcome as { message: string }).message.length).toBeLessThan(300);
});

test('cuts a very long answer', async () => {
  const outcome = await run(find('return new Array(1e5).join("PROXY a:1;")'));
  expect(outcome).toMatchObject({ kind: 'answer', text: expect.stringMatching(/^(PROXY a:1;)+/) });
  expect((outcome as { text: string }).text.length).toBeLessThan(20_000);
});

test.each([
  [
    'prototypes',
    'Array.prototype.map = String.prototype.split = RegExp.prototype.test = null; Object.prototype.kind = "x";',
  ],
  ['String', 'String = function () { return "evil" };'],
  ['the global object', 'for (var name in globalThis) delete globalThis[name];'],
  ['dnsDomainIs', 'Object.freeze(globalThis);'],
])('is not confused by a script that changes %s', async (_what, change) => {
  const body = 'return shExpMatch(["a"], "a") ? "PROXY a:1" : "PROXY b:1"';
  const outcome = await run(`var shExp = shExpMatch; ${change} shExpMatch = shExp; ${find(body)}`);
  expect(outcome).toEqual({ kind: 'answer', text: 'PROXY a:1' });
});

test.each([
  ['deep recursion', 'function f() { return f() + 1 } return f()'],
  ['a deep array', 'var a = []; for (var i = 0; i < 1e6; i++) a = [a]; return "PROXY " + JSON.stringify(a)'],
  ['a regular expression without an end', 'return /^(a+)+$/.test("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")'],
  ['a pattern without an end', 'return shExpMatch("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+")'],
  ['typed arrays', 'var all = []; for (;;) all.push(new Uint8Array(1e6))'],
  ['objects', 'var all = []; for (;;) all.push({})'],
  ['jobs', 'for (;;) Promise.resolve().then(function () {})'],
  ['a wait', 'return Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0)'],
  ['a long string', 'return "PROXY a".repeat(1e9)'],
  ['a sort', 'new Array(1e9).fill(0).sort(function () { return 1 })'],
])('ends %s', async (_what, body) => {
  expect(await run(find(body))).toMatchObject({ kind: 'failed' });
  expect(await run(find('return "DIRECT"'))).toEqual({ kind: 'answer', text: 'DIRECT' });
});

test('keeps nothing of a look-up in memory', async () => {
  const host = 'a'.repeat(100_000);
  const text = find(
    'dnsResolve("10.1.2.3"); try { dnsDomainIs(host, { toString: null }) } catch (e) {} return "PROXY a:1"',
  );
  for (let i = 0; i < 400; i++) {
    expect(await runPac({ key: text, text }, 'http://a/', host)).toEqual({ kind: 'answer', text: 'PROXY a:1' });
  }
});

test('does not count the time for which this thread was busy', async () => {
  // On a busy machine the limit would be prolonged for another reason.
  onTestFinished(() => void vi.mocked(processorWait).mockRestore());
  vi.mocked(processorWait).mockReturnValue(0);
  const text = find('for (var end = Date.now() + 100; Date.now() < end; ); return "PROXY a:1; " + host');
  let onChange = () => {};
  const machine = new PacMachine(() => onChange());
  const outcome = () =>
    new Promise<PacOutcome>((settle, reject) => {
      const run = { url: 'http://busy.example/', host: 'busy.example', answers: {} };
      const { time } = PAC_LIMITS;
      machine.perform(
        { key: text, script: text, begin: () => expect.fail(), settle, reject },
        { ...run, time, loadTime: time },
      );
    });
  await outcome();
  // The script is loaded, so the limit of a run begins with it.
  let isBlocked = false;
  // Its limit elapses, and its outcome waits behind the timer: timers come next after an immediate, before messages.
  const block = () => {
    isBlocked = true;
    for (const end = performance.now() + 1_500; performance.now() < end; );
  };
  onChange = () => {
    if (machine.isSlow) setImmediate(block);
  };
  // Where this thread does not get a processor for 100 ms, the run is over before it counts as slow.
  while (!isBlocked) expect(await outcome()).toEqual({ kind: 'answer', text: 'PROXY a:1; busy.example' });
  machine.end();
});

test('calls FindProxyForURL only', async () => {
  const both = `function FindProxyForURLEx() { return "PROXY ex:1" } ${find('return "PROXY a:1"')}`;
  expect(await run(both)).toEqual({ kind: 'answer', text: 'PROXY a:1' });
  expect(await run('function FindProxyForURLEx() { return "PROXY ex:1" }')).toMatchObject({ kind: 'bad-script' });
});
