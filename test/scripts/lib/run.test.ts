// Signals to a script reach the program that it runs, on systems with signals.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

const urlOf = (file: string) => new URL(`../../../${file}`, import.meta.url).href;
const signals = process.platform === 'win32' ? [] : (['SIGTERM', 'SIGINT', 'SIGHUP'] as const);

/** How a script runs a program, and what with. */
const WAYS = {
  exitCodeOf: ['scripts/lib/run.mjs', 'exitCodeOf', 'exitCodeOf(process.execPath, args)'],
  run: ['scripts/lib/run.mjs', 'run', 'void run(process.execPath, args)'],
  finished: ['tools/native-build/compile.mjs', 'finished', 'finished(process.execPath, args)'],
  runWindowsNode: [
    'tools/windows/wine.mjs',
    'runWindowsNode',
    "runWindowsNode('22', args, { wine, name: 'run-test' })",
  ],
} as const;

/** Starts a script that runs `program`. */
function spawnScript(program: string, way: keyof typeof WAYS = 'exitCodeOf') {
  const [file, name, call] = WAYS[way];
  const script = `
    import { main } from '${urlOf('scripts/lib/run.mjs')}';
    import { ${name} } from '${urlOf(file)}';
    const args = ['-e', ${JSON.stringify(program)}];
    // Stands for Wine: 'wine' runs what node.exe would, 'wineserver -k' has nothing to end.
    const command = (_, name, ...rest) => name === 'wine' ? [process.execPath, rest.slice(1)] : ['true', []];
    const wine = { major: 10, command };
    main(() => ${call});`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Starts a script that runs `program`, and resolves when the program has printed its first line. */
async function startScript(program: string) {
  const child = spawnScript(program);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { child, first: (await lines.next()).value, next: async () => (await lines.next()).value };
}

describe.each(signals)('%s to a script', (signal) => {
  it('reaches its program, and the script ends with its exit code', async () => {
    const { child, next } = await startScript(
      `process.on('${signal}', (name) => { console.log(name); process.exit(5); }); setInterval(() => {}, 1000); console.log('ready');`,
    );
    const exit = once(child, 'exit');
    child.kill(signal);
    expect(await next()).toBe(signal);
    expect(await exit).toEqual([5, null]);
  });

  it('ends a program that ignores it', async () => {
    const { child, first } = await startScript('setInterval(() => {}, 1000); console.log(process.pid);');
    const exit = once(child, 'exit');
    child.kill(signal);
    const [code] = await exit;
    expect(code).toBeGreaterThan(128);
    expect(() => process.kill(Number(first), 0)).toThrow('ESRCH');
  });
});

// The started program has no common output, so a port shows that it has ended.
describe.runIf(signals.length > 0)('SIGTERM to a script', () => {
  it.each(Object.keys(WAYS) as (keyof typeof WAYS)[])('ends what it runs by %s', async (way) => {
    await using server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const child = spawnScript(`require('node:net').connect(${port}, '127.0.0.1').resume()`, way);
    const [socket] = (await once(server, 'connection')) as [Socket];
    const [ended, exit] = [
      once(
        socket.on('error', () => {}),
        'close',
      ),
      once(child, 'exit'),
    ];
    socket.resume();
    child.kill('SIGTERM');
    await Promise.all([ended, exit]);
  });
});

describe.runIf(signals.length > 0)('run', () => {
  it.each([
    ['a program that is not there', "run('no-such-program', [])", 'no-such-program: not found'],
    ['an exit code', "run(process.execPath, ['-e', 'process.exitCode = 7'])", 'failed with exit code 7'],
    ['a signal', "run(process.execPath, ['-e', 'process.kill(process.pid)'])", 'was ended by SIGTERM'],
  ])('tells of %s', (_what, call, says) => {
    const script = `import { main, run } from '${urlOf('scripts/lib/run.mjs')}'; main(() => void ${call});`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain(says);
  });
});

describe.runIf(signals.length > 0)('the environment of a command', () => {
  it('has its NODE_OPTIONS, which nothing else reads', () => {
    const env = "{ ...process.env, NODE_OPTIONS: '--require Z:/only/there.cjs' }";
    const call = `run('env', [], { env: ${env}, stdio: ['ignore', 'pipe', 'inherit'] })`;
    const script = `import { run } from '${urlOf('scripts/lib/run.mjs')}'; process.stdout.write(${call});`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.split('\n').filter((line) => line.includes('NODE_OPTIONS'))).toEqual([
      'NODE_OPTIONS=--require Z:/only/there.cjs',
    ]);
  });
});

describe.runIf(signals.length > 0)('the output of a command', () => {
  it("leaves the script's stdout alone", () => {
    const call = "run(process.execPath, ['-e', 'console.log(`from the command`)']), console.log('from the script')";
    const script = `import { run } from '${urlOf('scripts/lib/run.mjs')}'; ${call};`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['from the script\n', 'from the command\n']);
  });
});

describe('exitCodeOf', () => {
  it('resolves to the exit code of the program', async () => {
    const { child } = await startScript("console.log('ready'); process.exitCode = 7;");
    expect(await once(child, 'exit')).toEqual([7, null]);
  });
});
