import { afterEach, describe, expect, it, vi } from 'vitest';
import { availableBackends } from '../helpers/backends.ts';
import { runProgram } from '../helpers/program.ts';

const program = new URL('./programs/debug-log.mjs', import.meta.url);

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Returns the program's output without values that differ from run to run. */
async function linesOf(section: string, backend: string): Promise<string[]> {
  vi.stubEnv('NODE_DEBUG', section);
  const { code, stderr } = await runProgram(program, [backend]);
  expect(code).toBe(0);
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('WINWIRE'))
    .map((line) => line.trim().replace(/^WINWIRE \d+: /, ''))
    .map((line) => line.replace(/127\.0\.0\.1:\d+/, 'HOST').replace(/[\d.]+ ms/, '- ms'))
    .map((line) => line.replace(/\(\d+ bytes\)/g, '(- bytes)'));
}

describe.each(availableBackends)('NODE_DEBUG=winwire on %s', (backend) => {
  it('writes a line for each handshake, open, close, abort, request, look-up and error, without secrets', async () => {
    const lines = await linesOf('winwire', backend);
    expect(lines.join('\n')).not.toContain('top-secret');
    const client = [
      `#1 websocket client handshake: ws://***@HOST/room?access_token=***&page=1 (backend ${backend}, subprotocols chat)`,
      `#1 websocket client open after - ms (backend ${backend}, subprotocol chat)`,
      '#1 websocket client close 1000 after - ms: received 0 messages (- bytes), sent 1 (- bytes)',
    ];
    expect(lines.filter((line) => line.startsWith('#1 '))).toEqual(client);
    const server = [
      `#2 websocket server handshake: /room?access_token=***&page=1 (backend ${backend}, subprotocols chat)`,
      `#2 websocket server open after - ms (backend ${backend}, subprotocol chat)`,
      '#2 websocket server close 1000 "enough\\r\\nof it" after - ms: received 1 messages (- bytes), sent 0 (- bytes)',
    ];
    expect(lines.filter((line) => line.startsWith('#2 '))).toEqual(server);
    expect(lines).toContainEqual(expect.stringMatching(/^#\d+ websocket client aborted: Error: changed my mind$/));
    expect(lines).toContainEqual(
      expect.stringMatching(/^#\d+ websocket server error: ERR_WEBSOCKET_CONNECTION_LOST: /),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^#\d+ websocket client handshake failed after - ms: /));
    const request = lines.findIndex((line) => line.includes('winhttp GET http://***@HOST/page?sig=***'));
    expect(lines[request]).toMatch(new RegExp(`\\(backend ${backend}\\)$`));
    expect(lines).toContainEqual(expect.stringMatching(/^#\d+ winhttp response 200 OK( from \S+)? after - ms$/));
    expect(lines).toContainEqual(expect.stringMatching(/^#\d+ winhttp POST http:\/\/HOST\/never /));
    expect(lines).toContainEqual(expect.stringMatching(/^#\d+ winhttp aborted after - ms$/));
    expect(lines).toContainEqual(
      expect.stringMatching(/^#\d+ winhttp error after - ms: ERROR_WINHTTP_OPERATION_CANCELLED: /),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^#\d+ proxy of https:\/\/example\.org\/ \(from option, /));
    expect(lines).toContainEqual(
      expect.stringMatching(/^#\d+ proxy PROXY proxy\.example:8080 \(source option, by static\) after - ms$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^#\d+ proxy error after - ms: ERROR_WINHTTP_TIMEOUT: /));
  });

  it('writes nothing for another section', async () => {
    expect(await linesOf('http2', backend)).toEqual([]);
  });
});
