import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from '../../lib/index.ts';
import { deadLinks, expectedOutput, explain, readSamples, root, writeProgram, writeSamples } from './samples.ts';

const samples = readSamples();
const isWindows = process.platform === 'win32';
const programs = samples.filter(({ run }) => run !== undefined);

afterEach(() => {
  vi.restoreAllMocks();
});

/** Starts a server that greets over HTTP and echoes WebSocket messages. */
async function startServer(port = 0) {
  const server = createServer((_, response) => response.setHeader('Content-Type', 'text/plain').end('Hello'));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (connection) => {
    connection.on('message', (message) => void connection.send(message));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      await sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function runSample(sample: (typeof samples)[number]): Promise<string[]> {
  const server = await startServer();
  // The program needs the port for its own server.
  if (sample.run === 'alone') await server.close();
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...values) => void printed.push(values.map(String).join(' ')));
  try {
    await import(pathToFileURL(writeProgram(sample, server.port)).href);
  } finally {
    if (sample.run === 'server') await server.close();
  }
  return printed;
}

describe('the documentation', () => {
  it('has samples, and programs among them', () => {
    expect(samples.length).toBeGreaterThan(20);
    expect(programs.length).toBeGreaterThan(5);
  });

  // The result is the same on every system, and the compiler takes minutes under Wine.
  it.runIf(!isWindows)('contains only samples that compile', () => {
    writeSamples(samples);
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const project = path.join(root, 'build/doc-samples');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '--project', project, '--pretty', 'false'], {
      encoding: 'utf8',
    });
    expect(explain(stdout)).toEqual([]);
    expect(status).toBe(0);
  });

  it.runIf(!isWindows)('contains no dead link', () => {
    expect(deadLinks()).toEqual([]);
  });

  it.each(programs.map((sample) => [`${sample.page}:${sample.line}`, sample] as const))(
    'has a program at %s that does what it says',
    async (_, sample) => {
      expect(await runSample(sample)).toEqual(expectedOutput(sample));
    },
  );
});
