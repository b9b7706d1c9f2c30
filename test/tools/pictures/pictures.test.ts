import { describe, expect, it } from 'vitest';
import { importScript } from '../../helpers/script.ts';

const { benchPicture } = await importScript('tools/pictures/bench-picture.mjs');
const { demoPicture } = await importScript('tools/pictures/demo-picture.mjs');
const { excerpt, parityPicture } = await importScript('tools/pictures/parity-picture.mjs');
const { checkPictures } = await importScript('scripts/lib/pictures.mjs');

describe('the picture of the benchmarks', () => {
  const ids = ['decode-16', 'decode-text-125', 'send-server-125', 'echo-32', 'decode-1048576'];
  const where = { platform: 'linux x64', processor: 'Some <fast> CPU', node: '24.1.0' };
  const rows = ids.map((id) => ({ id, ours: 2e6, peer: 5e5, peerName: 'ws', ratio: 4, ...where }));

  it('shows both values, the ratio and the machine', () => {
    const picture = benchPicture(rows);
    expect(picture).toContain('winwire 2.00 M');
    expect(picture).toContain('ws 500 k');
    expect(picture).toContain('4.0 times ws');
    expect(picture).toContain('Some &#60;fast&#62; CPU, linux x64, Node.js 24.1.0');
  });

  it('draws the shorter bar in proportion', () => {
    const widths = [...benchPicture(rows).matchAll(/class="(bar|peer)" .*?width="([\d.]+)"/g)];
    const [ours, peer] = widths.map(([, , width]) => Number(width));
    expect((ours as number) / (peer as number)).toBeCloseTo(4);
  });
});

describe('the picture of the demo', () => {
  const call = { event: 'call', side: 'server', function: 'WebSocketCompleteAction', bytes: 7 };
  const events = (...calls: object[]) => [
    { event: 'chapter', title: 'A "message"' },
    ...calls,
    { event: 'check', what: 'it arrived' },
  ];

  it('shows the title, the calls and the check', () => {
    const picture = demoPicture(events(call));
    expect(picture).toContain('A &#34;message&#34;');
    expect(picture).toContain('WebSocketCompleteAction(7)');
    expect(picture).toContain('✓ it arrived');
  });

  it('draws an arrow only where bytes are sent, from the side that sends them', () => {
    expect(demoPicture(events(call))).not.toContain('class="head"');
    const sent = { ...call, action: 'SEND_TO_NETWORK' };
    expect(demoPicture(events(sent))).toContain('d="M380 ');
    expect(demoPicture(events({ ...sent, side: 'client' }))).toContain('d="M500 ');
  });
});

describe('the picture of a comparison', () => {
  const step = (reason: string) => ({
    actor: 'server',
    name: 'WebSocketGetAction',
    outcome: { value: { action: 'INDICATE_RECEIVE_COMPLETE', close: { status: 1000, reason } } },
  });
  const equal = { left: step('same'), right: step('same'), differences: [] };
  const steps = [...Array(9).fill(equal), { left: step('done'), right: step('don'), differences: ['reason'] }, equal];
  const report = { left: { name: 'a' }, right: { name: 'b' }, results: [{ id: 'close', title: 'it closes', steps }] };

  it('takes the steps around the first difference', () => {
    expect(excerpt(report)).toMatchObject({ first: 9, from: 5, count: 11, steps: steps.slice(5) });
  });

  it('marks the step that differs, with the values of both', () => {
    const picture: string = parityPicture(excerpt(report));
    expect(picture.match(/class="mark"/g)).toHaveLength(1);
    expect(picture).toContain('step 10 of 11 differs');
    expect(picture).toMatch(/class="code"[^>]*> {2}status 1000, reason &#34;done&#34;/);
    expect(picture).toMatch(/class="bad"[^>]*> {2}status 1000, reason &#34;don&#34;/);
  });
});

describe('the committed pictures', () => {
  it('fail lint if they differ from their data', () => {
    expect(() => checkPictures([['docs/pictures/demo.svg', 'another']])).toThrow('docs/pictures/demo.svg: not current');
  });

  it('match their data', () => {
    expect(checkPictures).not.toThrow();
  });
});
