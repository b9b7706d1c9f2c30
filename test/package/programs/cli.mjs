// The program `winwire` of the package in a separate process: a download with the backend of this system, and a
// diagnosis. Prints the results as JSON.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const packageFile = createRequire(import.meta.url).resolve('winwire/package.json');
const program = join(dirname(packageFile), 'dist', 'cli', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'winwire-cli-'));

/** Output goes to a file: Node under Wine cannot write to a pipe. */
async function run(...args) {
  const file = join(folder, 'output');
  const output = openSync(file, 'w');
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', output, output], cwd: folder });
  const [status] = await once(child, 'exit');
  closeSync(output);
  return { status, output: readFileSync(file, 'utf8') };
}

const server = createServer((request, response) => {
  if (request.url === '/file') response.end('Hello, command line');
  else response.writeHead(404).end('nothing here');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}`;

const download = await run('get', `${url}/file`, '--output', 'downloaded');
const downloaded = download.status === 0 ? readFileSync(join(folder, 'downloaded'), 'utf8') : undefined;
const toOutput = await run('get', `${url}/file`);
const missing = await run('get', `${url}/none`, '--fail');
const doctor = await run('doctor', '--json');

server.close();
server.closeAllConnections();
// Wine removes a file only some time after its process ended.
rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
console.log(JSON.stringify({ download, downloaded, toOutput, missing, doctor }));
