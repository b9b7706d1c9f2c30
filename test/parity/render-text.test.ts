import { beforeAll, describe, expect, test } from 'vitest';
import { compareSubjects, type ParityReport, renderText, websocketScenarios } from '../../lib/parity.ts';
import { websocketFunctions } from '../../lib/sys.ts';
import { everyVerdict } from './reports.ts';

let report: ParityReport;
beforeAll(async () => {
  report = await everyVerdict();
});

const lines = (options?: Parameters<typeof renderText>[1]) => renderText(report, options).trimEnd().split('\n');

describe('the report for a terminal', () => {
  test('names both subjects, shows the differences step by step, and ends with the totals', () => {
    const text = lines();
    expect(text[0]).toMatch(/^winwire parity {2}\d+\.\d+\.\d+, \w+-\w+, Node v/);
    expect(text[1]).toMatch(/^ {2}portable {2}portable /);
    expect(text.at(-1)).toBe('✗ 1 different   ≈ 1 known difference   ✓ 1 equal   – 1 not applicable');
    const at = text.findIndex((line) => line.startsWith('✗ ping-answered'));
    expect(text.slice(at + 1, at + 6)).toEqual([
      '    step 7 of 11  server WebSocketGetAction(queue ALL)',
      '      portable  SEND_TO_NETWORK PING_PONG [8a 05 48 65 6c 6c 6f], action 2',
      '                PONG, 5 bytes "Hello"',
      '      faulty    SEND_TO_NETWORK PING_PONG [8a 04 48 65 6c 6c], action 2',
      '                PONG, 4 bytes "Hell"',
    ]);
    expect(text).toContain('      args.bytesTransferred: 7 ≠ 6');
    expect(text).toContain('    its pongs are a byte short');
    expect(text).toContain('– 1 scenario not applicable: faulty offers no request object');
  });

  test('omits equal scenarios by default', () => {
    expect(lines().some((line) => line.startsWith('✓ own'))).toBe(false);
    expect(lines({ verbose: true }).some((line) => line.startsWith('✓ own'))).toBe(true);
  });

  test('has colours only if asked to', () => {
    const ansi = '\u001b';
    expect(renderText(report)).not.toContain(ansi);
    expect(renderText(report, { color: true })).toContain(`${ansi}[31m✗`);
  });

  test('contains no control character of a trace', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(renderText(report, { verbose: true })).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test('fits the width of the terminal', () => {
    expect(Math.max(...lines({ width: 60, verbose: true }).map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  test('wraps notes and reasons', () => {
    const note = 'what answers is a stand-in, so that this compares an engine with itself';
    const text = renderText({ ...report, notes: [note] }, { width: 40 });
    expect(text.replaceAll(/\n {2}/g, ' ')).toContain(`! ${note}\n`);
    expect(text).not.toContain(`! ${note}`);
  });

  test('shows the start of a long call and of its arguments', async () => {
    const sends = websocketScenarios('long', {
      long: ['a long text', (t) => void t.open('server').sendText('x'.repeat(255))],
    });
    const refuse = () => {
      throw new Error('not today');
    };
    const right = { name: 'mute', websocket: { ...websocketFunctions, WebSocketSend: refuse } };
    const text = renderText(await compareSubjects({ left: 'portable', right, scenarios: sends })).split('\n');
    expect(text.find((line) => line.includes('WebSocketSend('))).toMatch(/data 78 78 .* …$/);
    expect(Math.max(...text.map((line) => line.length))).toBeLessThan(200);
  });

  test('shortens the common part of two long texts', () => {
    const longest = lines().filter((line) => line.includes('PING_PONG [8a 7'));
    expect(longest.every((line) => line.length < 200)).toBe(true);
  });
});
