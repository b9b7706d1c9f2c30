// node tools/windows/trace.mjs FOLDER COMMAND [arguments]: runs a command while Windows records what websocket.dll traces
// (ETW), and leaves in FOLDER the recording (websocket.etl), its events (events.xml), what the provider says of itself
// (provider.xml) and how often each event came (counts.json). The exit code is the command's. Windows, as administrator.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { announce, inProject } from '../../scripts/lib/project.mjs';
import { exitCodeOf, hasProgram, main, run, runQuietly, Stop } from '../../scripts/lib/run.mjs';
import { countEvents, decodeXml } from './trace-events.mjs';

const provider = 'Microsoft-Windows-Websocket-Protocol-Component';
const session = 'winwire-websocket';
// Every keyword, every level.
const everything = ['0xffffffffffffffff', '0xff'];

main(async ([folder, command, ...args]) => {
  if (command === undefined) throw new Stop('node tools/windows/trace.mjs FOLDER COMMAND [arguments]');
  if (!hasProgram('logman')) throw new Stop('there is no logman: only Windows records such a trace');
  const target = path.resolve(inProject(), folder);
  mkdirSync(target, { recursive: true });
  const isRecording = start(path.join(target, 'websocket.etl'));
  try {
    return await exitCodeOf(command, args);
  } finally {
    if (isRecording) finish(target);
  }
});

/** Returns whether the recording has started. The command runs even if the machine does not allow it. */
function start(file) {
  // Stops the session of an earlier run.
  spawnSync('logman', ['stop', session, '-ets'], { stdio: 'ignore' });
  try {
    announce(`logman: recording ${provider}`);
    runQuietly('logman', ['start', session, '-p', provider, ...everything, '-o', file, '-ets']);
    return true;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.log(`::warning::Nothing is recorded: ${error.message.replaceAll('\n', ' ')}`);
    return false;
  }
}

function finish(folder) {
  const [recording, events] = ['websocket.etl', 'events.xml'].map((name) => path.join(folder, name));
  try {
    runQuietly('logman', ['stop', session, '-ets']);
    runQuietly('tracerpt', [recording, '-o', events, '-of', 'XML', '-y']);
    const description = run(
      'wevtutil',
      ['get-publisher', provider, '/getevents:true', '/getmessage:true', '/format:xml'],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    writeFileSync(path.join(folder, 'provider.xml'), description);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.log(`::warning::The trace is not complete: ${error.message.replaceAll('\n', ' ')}`);
  }
  if (!existsSync(events)) return;
  const counts = countEvents(decodeXml(readFileSync(events)), provider);
  writeFileSync(path.join(folder, 'counts.json'), `${JSON.stringify(counts, null, 2)}\n`);
  announce(`${counts.reduce((sum, { count }) => sum + count, 0)} events of ${counts.length} kinds in ${folder}`);
}
