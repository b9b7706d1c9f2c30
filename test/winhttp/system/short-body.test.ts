// A body that ends before its Content-Length, with the package's own requests and `winwire get`: even if the system's
// object reports success (RQ-153); and a head that may begin with a status line (RQ-099).
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { get } from '../../../lib/cli/get/get.ts';
import type { GetOptions } from '../../../lib/cli/get/get-options.ts';
import { WinHttpRequest } from '../../../lib/index.ts';
import { requestBackends } from '../../helpers/backends.ts';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';
import { failure } from '../../helpers/http-request.ts';

const PROMISED = 100_000;
const SENT = 50_000;
const HEADERS: Readonly<Record<string, string>> = {
  '/cut': '',
  '/cut-gzip': 'Content-Encoding: gzip\r\n',
  '/cut-406': '',
};
const WHOLE: Readonly<Record<string, readonly [head: string, body: string]>> = {
  '/whole': ['200 OK\r\nContent-Length: 5\r\n', 'hello'],
  '/until-end': ['200 OK\r\n', 'hello'],
  '/no-content': ['204 No Content\r\n', ''],
  '/not-modified': ['304 Not Modified\r\nContent-Length: 100\r\n', ''],
  '/chunked': ['200 OK\r\nTransfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n'],
};

/** Writes the raw response and ends the connection. */
async function serve(): Promise<Server> {
  const server = createServer((request, { socket }) => {
    const target = `${request.url}`;
    const extra = HEADERS[target];
    if (extra !== undefined) {
      const status = target === '/cut-406' ? '406 Not Acceptable' : '200 OK';
      socket?.write(`HTTP/1.1 ${status}\r\nContent-Length: ${PROMISED}\r\nETag: "one"\r\n${extra}\r\n`);
      if (request.method !== 'HEAD') socket?.write(Buffer.alloc(SENT, 'x'));
    } else {
      const [head, body] = WHOLE[target] ?? ['404 Not Found\r\nContent-Length: 0\r\n', ''];
      socket?.write(`HTTP/1.1 ${head}Connection: close\r\n\r\n${request.method === 'HEAD' ? '' : body}`);
    }
    socket?.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe.each(requestBackends)('on %s', (backend) => {
  let server: Server;
  let folder: string;
  let url: (target: string) => string;
  beforeEach(async () => {
    server = await serve();
    folder = makeFolder('download');
    url = (target) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${target}`;
  });
  afterEach(() => {
    server.close();
    removeFolder(folder);
  });

  test.each(Object.keys(HEADERS))('request() fails for %s', async (target) => {
    await failure(WinHttpRequest.request(url(target), { backend }), 'ERROR_WINHTTP_CONNECTION_ERROR');
  });

  test.each(Object.entries(WHOLE))('request() accepts %s', async (target, [, body]) => {
    const response = await WinHttpRequest.request(url(target), { backend });
    expect(response.body.toString()).toBe(body === '' ? '' : 'hello');
    expect(`${response.headers}`).not.toMatch(/^HTTP/);
  });

  test('request() accepts the answer to HEAD', async () => {
    const response = await WinHttpRequest.request(url('/cut'), { backend, method: 'HEAD' });
    expect(response.headers.get('Content-Length')).toBe(`${PROMISED}`);
  });

  const download = async (target: string, options: GetOptions = {}) => {
    const output = path.join(folder, 'file');
    return get(url(target), { output, backend, silent: true, ...options }).then(
      () => ({ code: 0, output }),
      ({ exitCode }) => ({ code: exitCode as number, output }),
    );
  };

  test('get exits with 18 and leaves a resume file', async () => {
    const { code, output } = await download('/cut');
    expect(code).toBe(18);
    expect(statSync(output).size).toBe(SENT);
    expect(JSON.parse(readFileSync(`${output}.resume`, 'utf8'))).toEqual({ url: url('/cut'), validator: '"one"' });
  });

  test.each(Object.keys(WHOLE))('get accepts %s', async (target) => {
    const { code, output } = await download(target);
    expect(code).toBe(0);
    expect(existsSync(`${output}.resume`)).toBe(false);
  });

  test('get -i prints the status line once', async () => {
    const { code, output } = await download('/whole', { include: true });
    expect(code).toBe(0);
    expect(readFileSync(output, 'latin1').match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(readFileSync(output, 'latin1')).toMatch(/^HTTP\/1\.1 200 OK\r\n[^\r]+:/);
  });

  test('get -I prints only the head', async () => {
    const { code, output } = await download('/cut', { head: true });
    expect(code).toBe(0);
    expect(readFileSync(output, 'latin1').match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});
