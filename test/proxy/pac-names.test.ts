// Names that scripts resolve: a slow DNS server delays neither other look-ups nor the event loop.
import { createSocket } from 'node:dgram';
import dns from 'node:dns';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { runPac } from '../../lib/proxy/pac-engine.ts';
import { answerQuestion } from '../../lib/proxy/pac-names.ts';
import { resolveProxy } from '../../lib/proxy/resolve-proxy.ts';
import { isWine } from '../helpers/standin.ts';

const servers = dns.getServers();
afterEach(() => dns.setServers(servers));

/** A DNS server: answers 10.1.2.3 for `*.test` once it has received `count` queries, and ignores other names. */
async function startNames(count: number) {
  const socket = createSocket('udp4');
  const answers: (() => void)[] = [];
  const asked: string[] = [];
  let isReady = false;
  socket.on('message', (query, { port, address }) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    asked.push(labels.join('.'));
    if (labels.at(-1) !== 'test') return;
    const head = Buffer.from(query.subarray(0, at + 5));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(1, 6);
    head.writeUInt16BE(0, 10);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 1, 2, 3]);
    answers.push(() => socket.send(Buffer.concat([head, record]), port, address));
    isReady ||= answers.length >= count;
    if (isReady) for (const answer of answers.splice(0)) answer();
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  dns.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    asked,
    [Symbol.dispose]() {
      socket.close();
    },
  };
}

test('asks for the names of many look-ups at the same time', { timeout: 60_000 }, async () => {
  // Wine needs seconds for the sockets of 100 queries, and a query has a limit.
  const count = isWine ? 10 : 100;
  using names = await startNames(count / 4);
  const pac = `data:,${encodeURIComponent(
    'function FindProxyForURL(url, host) { return isInNet(host, "10.0.0.0", "255.0.0.0") ? "PROXY a:1" : "DIRECT" }',
  )}`;
  const urls = Array.from({ length: count }, (_, i) => `http://h${i}.slow.test/`);
  const answers = await Promise.all(
    urls.map((url) => resolveProxy(url, { from: { pac }, backend: 'portable', timeout: Number.POSITIVE_INFINITY })),
  );
  expect(new Set(answers.map(String))).toEqual(new Set(['PROXY a:1']));
  expect(new Set(names.asked).size).toBe(count);
});

test('treats further names as unknown beyond the limit of one look-up', async () => {
  using names = await startNames(1);
  const text = `function FindProxyForURL(url, host) {
    for (var i = 0; i < 30; i++) if (dnsResolve("n" + i + ".many.test") === null) return "PROXY a:" + (1 + i);
    return "DIRECT";
  }`;
  const outcome = await runPac({ key: text, text }, 'http://a.test/', 'a.test');
  expect(outcome).toEqual({ kind: 'answer', text: 'PROXY a:21' });
  expect(names.asked).toHaveLength(20);
});

test('keeps an answer, and shares a pending query between look-ups', async () => {
  using names = await startNames(1);
  const ask = () => answerQuestion('host kept.test', 'kept.test');
  expect(await Promise.all([ask(), ask()])).toEqual(['10.1.2.3', '10.1.2.3']);
  expect(await ask()).toBe('10.1.2.3');
  expect(names.asked).toEqual(['kept.test']);
});

test('resolves addresses and names of the hosts file without a server', async () => {
  using names = await startNames(1);
  expect(await answerQuestion('host localhost', 'x')).toBe('127.0.0.1');
  expect(await answerQuestion('host 1.2.3.4', 'x')).toBe('1.2.3.4');
  expect(names.asked).toEqual([]);
});
