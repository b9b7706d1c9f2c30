// The order and the arguments of Windows' own programs; programs that record their calls replace them.
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';
import { importScript, runScript } from '../../helpers/script.ts';

const PROVIDER = 'Microsoft-Windows-Websocket-Protocol-Component';

// The output format of tracerpt -of XML.
const EVENTS = `<?xml version="1.0"?><Events>
<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
 <Provider Name="${PROVIDER}" Guid="{cba5f63c-b9fe-4d11-a2c3-6fc5d0e1b0f3}" /><EventID>101</EventID></System>
 <EventData><Data Name="Handle">0x1</Data></EventData>
 <RenderingInfo Culture="en-US"><Task>Send</Task><Opcode>Start</Opcode></RenderingInfo></Event>
<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
 <Provider Name="${PROVIDER}" /><EventID Qualifiers="0">7</EventID></System></Event>
<Event><System><Provider Name="${PROVIDER}" /><EventID>101</EventID></System></Event>
<Event><System><Provider Name="Another" /><EventID>101</EventID></System></Event></Events>`;

describe('countEvents', () => {
  it('counts the events of one provider by kind, with the names of its manifest', async () => {
    const { countEvents } = await importScript('tools/windows/trace-events.mjs');
    expect(countEvents(EVENTS, PROVIDER)).toEqual([
      { id: 101, name: 'Send: Start', count: 2 },
      { id: 7, name: undefined, count: 1 },
    ]);
    expect(countEvents('', PROVIDER)).toEqual([]);
  });

  it('reads UTF-16 as well', async () => {
    const { countEvents, decodeXml } = await importScript('tools/windows/trace-events.mjs');
    const bytes = Buffer.from(`\ufeff${EVENTS}`, 'utf16le');
    expect(countEvents(decodeXml(bytes), PROVIDER)).toHaveLength(2);
    expect(decodeXml(Buffer.from('<Ü/>'))).toBe('<Ü/>');
  });
});

describe.runIf(process.platform !== 'win32')('trace.mjs', () => {
  let folder: string;
  const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

  function standIn(name: string, body: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >> '${folder}/calls'\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  const trace = (...command: string[]) =>
    runScript('tools/windows/trace.mjs', [join(folder, 'out'), ...command], {
      PATH: `${folder}${delimiter}${process.env.PATH}`,
    });

  beforeEach(() => {
    folder = makeFolder('trace');
    writeFileSync(join(folder, 'sample.xml'), EVENTS);
    standIn('logman', '');
    standIn('tracerpt', `cp '${folder}/sample.xml' "$3"`);
    standIn('wevtutil', 'echo "<provider/>"');
    standIn('work', 'exit 3');
  });

  afterEach(() => {
    removeFolder(folder);
  });

  it('records around the command, writes four results and ends as the command did', () => {
    const { status } = trace('work', 'a b');
    expect(status).toBe(3);
    const etl = join(folder, 'out/websocket.etl');
    const events = join(folder, 'out/events.xml');
    expect(calls()).toEqual([
      'logman stop winwire-websocket -ets',
      `logman start winwire-websocket -p ${PROVIDER} 0xffffffffffffffff 0xff -o ${etl} -ets`,
      'work a b',
      'logman stop winwire-websocket -ets',
      `tracerpt ${etl} -o ${events} -of XML -y`,
      `wevtutil get-publisher ${PROVIDER} /getevents:true /getmessage:true /format:xml`,
    ]);
    expect(JSON.parse(readFileSync(join(folder, 'out/counts.json'), 'utf8'))[0]).toMatchObject({ id: 101, count: 2 });
    expect(readFileSync(join(folder, 'out/provider.xml'), 'utf8')).toBe('<provider/>\n');
  });

  it('runs the command with a warning if recording is not allowed', () => {
    standIn('logman', 'echo "Access is denied." >&2; exit 5');
    const { status, stdout } = trace('work');
    expect(status).toBe(3);
    expect(stdout).toMatch(/^::warning::Nothing is recorded: .*Access is denied/m);
    expect(calls().filter((call) => call.startsWith('tracerpt'))).toEqual([]);
  });

  it('ends as the command did if the recording cannot be read', () => {
    standIn('tracerpt', 'exit 1');
    const { status, stdout } = trace('work');
    expect(status).toBe(3);
    expect(stdout).toMatch(/^::warning::The trace is not complete/m);
    expect(existsSync(join(folder, 'out/counts.json'))).toBe(false);
  });

  it('rejects a missing command, and a system without logman', () => {
    expect(trace().stderr).toContain('trace.mjs FOLDER COMMAND');
    rmSync(join(folder, 'logman'));
    expect(trace('work')).toMatchObject({ status: 1, stderr: expect.stringContaining('only Windows records') });
  });
});
