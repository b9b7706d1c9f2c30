import { beforeAll, describe, expect, test } from 'vitest';
import { type ParityReport, renderJson, renderJunit } from '../../lib/parity.ts';
import { everyVerdict } from './reports.ts';

let report: ParityReport;
beforeAll(async () => {
  report = await everyVerdict();
});

describe('the report as JSON', () => {
  test('contains everything, and the counts', () => {
    const { counts, ...rest } = JSON.parse(renderJson(report));
    expect(rest).toEqual(JSON.parse(JSON.stringify(report)));
    expect(counts).toEqual({ different: 1, 'known difference': 1, equal: 1, 'not applicable': 1 });
  });
});

describe('the report as JUnit XML', () => {
  test('has a suite for each group, and the number of failures', () => {
    const xml = renderJunit(report);
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="winwire parity" tests="4" failures="1" skipped="1">/,
    );
    expect(xml.match(/<testsuite /g)?.length).toBe(3);
    expect(xml).toContain('<testsuite name="WebSocket: ping" tests="2" failures="1" skipped="0">');
    expect(xml).toContain('<skipped message="faulty offers no request object"/>');
    expect(xml).toMatch(/<failure message="step 7: server WebSocketGetAction\(queue ALL\)">step 7: /);
    expect(xml).toMatch(/<system-out>its pongs are a byte short\n/);
  });

  test('is well-formed with any trace', () => {
    const xml = renderJunit(report);
    expect(xml).toContain('a &quot;title&quot; with &lt;markup&gt; &amp; &#39;marks&#39; \ufffd[31m\ufffd');
    const open: string[] = [];
    for (const [, close, name, empty] of xml.matchAll(/<(\/?)([a-z-]+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (close === '/') expect(open.pop()).toBe(name);
      else if (empty !== '/') open.push(name as string);
    }
    expect(open).toEqual([]);
    expect(xml.replaceAll(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
  });
});
