// Starts programs under Wine.
import { closeSync, copyFileSync, mkdirSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { announce } from '../../scripts/lib/project.mjs';
import { endOf, runQuietly, Stop } from '../../scripts/lib/run.mjs';
import { readStamp, writeStamp } from '../../scripts/lib/stamp.mjs';
import { buildFolder, nodeProgram, outputFolder, prefixFolder, treeFolder } from './folders.mjs';
import { systemWine } from './wine-program.mjs';

const system32 = (wine) => path.join(prefixFolder(wine.major), 'drive_c/windows/system32');

// Time limit of one program under Wine, far above what any needs.
const limitMs = 20 * 60 * 1000;

/** Wine 8 has no bcryptprimitives.dll, and needs what test/windows loads into each program; Wine 10 does not. */
const isOld = (wine) => wine.major < 10;

// Paths are Windows': Z: is the root of this system.
const preload = (name) => `--require "Z:${treeFolder}/test/windows/${name}.cjs"`;

// npm's own variables belong to the other Node, whose options this one may not support; a certificate file may not
// exist for Wine, and Node warns of a missing one.
const foreign = /^(npm_|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$|SSL_CERT_|WINWIRE_BINDING$)/i;

function environment(wine, extra = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    WINEPREFIX: prefixFolder(wine.major),
    WINEDEBUG: '-all',
    // No Mono and Gecko installers; the stand-in instead of Wine's own websocket.dll, whose functions abort the
    // process.
    WINEDLLOVERRIDES: `mscoree=;mshtml=;websocket=n${isOld(wine) ? ';bcryptprimitives=n' : ''}`,
    WINWIRE_LANE: 'wine',
    ...(isOld(wine) ? { NODE_OPTIONS: ['keep-alive', 'spawn-again'].map(preload).join(' ') } : {}),
    // Without it Wine 10 prints an error.
    XDG_RUNTIME_DIR: outputFolder,
    // Windows programs use colours even in files.
    ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
    ...extra,
  };
}

function runWine(wine, ...words) {
  const [program, args] = wine.command(treeFolder, ...words);
  runQuietly(program, args, { env: environment(wine) });
}

/** Creates the prefix (once) and copies the new DLLs to its System32. */
export function ensurePrefix(wine) {
  const stampFile = `.wine/prefix-wine${wine.major}.stamp`;
  mkdirSync(outputFolder, { recursive: true });
  if (readStamp(stampFile) === undefined) {
    announce(`wineboot (a separate Windows in .wine/prefix-wine${wine.major})`);
    runWine(wine, 'wine', 'wineboot', '-i');
    // Node rejects the version that Wine 8 reports by default.
    if (isOld(wine)) runWine(wine, 'wine', 'winecfg', '-v', 'win10');
    writeStamp(stampFile, 'made');
  }
  if (isOld(wine)) installBuilt(wine, 'bcryptprimitives.dll');
  installStandIn('websocket.dll', wine);
}

function installBuilt(wine, name, target = name) {
  copyFileSync(path.join(buildFolder, name), path.join(system32(wine), target));
}

/** Copies a build of the stand-in into System32 as websocket.dll: `websocket.dll`, or the one with a fault. */
export const installStandIn = (name, wine = systemWine()) => installBuilt(wine, name, 'websocket.dll');

/**
 * Runs Windows' node.exe in the tree and resolves to its exit code. Its output goes through files, since Node under
 * Wine cannot write to a pipe.
 */
export async function runWindowsNode(version, args, { wine = systemWine(), name = 'run', env } = {}) {
  mkdirSync(outputFolder, { recursive: true });
  const outputs = ['stdout', 'stderr'].map((stream) => {
    const file = path.join(outputFolder, `${name}-node${version}.${stream}`);
    return { stream: process[stream], write: openSync(file, 'w'), read: openSync(file, 'r') };
  });
  const printing = setInterval(() => outputs.forEach(printNew), 500);
  const [code, signal] = await endOf(...wine.command(treeFolder, 'wine', nodeProgram(version), ...args), {
    env: environment(wine, env),
    stdio: ['ignore', ...outputs.map((output) => output.write)],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  clearInterval(printing);
  outputs.forEach(printNew);
  for (const { write, read } of outputs) [write, read].forEach(closeSync);
  if (code === null) {
    // The processes that it had started in this prefix outlive it.
    runWine(wine, 'wineserver', '-k');
    const why = signal === 'SIGKILL' ? `after ${limitMs / 60_000} minutes` : `by ${signal}`;
    throw new Stop(`node.exe ${args.join(' ')}: ended ${why}`);
  }
  return code;
}

function printNew({ stream, read }) {
  const block = Buffer.alloc(64 * 1024);
  for (;;) {
    const size = readSync(read, block);
    if (size === 0) return;
    stream.write(Buffer.from(block.subarray(0, size)));
  }
}
