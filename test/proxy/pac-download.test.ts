// How a script is had: limits, redirects, charsets, and the kinds of URLs.
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { DOWNLOAD_LIMITS, downloadPac } from '../../lib/proxy/pac-download.ts';
import { makeFolder, removeFolder } from '../helpers/folder.ts';

const SCRIPT = 'function FindProxyForURL() { return "DIRECT" }';
const folder = makeFolder('pac');
afterAll(() => removeFolder(folder));

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/proxy.pac`);
  const connections = () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));
  return {
    url,
    connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const failure = (text: string) => ({
  code: 'ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT',
  message: expect.stringContaining(text),
});

describe('limits', () => {
  test('are five seconds, a mebibyte and ten redirects', () => {
    expect(DOWNLOAD_LIMITS).toEqual({ time: 5_000, size: 1_048_576, redirects: 10 });
  });

  test.each<[string, RequestListener]>([
    ['never answers', () => {}],
    ['sends a head only', (_request, response) => void response.writeHead(200).flushHeaders()],
    [
      'sends a byte at a time',
      (_request, response) => {
        const timer = setInterval(() => response.write(' '), 5);
        response.on('close', () => clearInterval(timer));
      },
    ],
    [
      'redirects for ever, slowly',
      (request, response) => {
        setTimeout(() => response.writeHead(302, { Location: `${request.url}x` }).end(), 5);
      },
    ],
  ])('end a download whose server %s', async (_what, listener) => {
    await using server = await serve(listener);
    const limits = { ...DOWNLOAD_LIMITS, time: 100, redirects: 1_000_000 };
    await expect(downloadPac(server.url, limits)).rejects.toMatchObject(failure('no answer within 100 ms'));
  });

  test('end redirects', async () => {
    let count = 0;
    await using server = await serve((_request, response) => {
      count++;
      response.writeHead(302, { Location: '/again' }).end();
    });
    await expect(downloadPac(server.url)).rejects.toMatchObject(failure('more than 10 redirects'));
    expect(count).toBe(11);
  });

  const size = 1_048_576;
  test.each<[string, RequestListener]>([
    ['with its length', (_request, response) => void response.end(Buffer.alloc(size + 1, ' '))],
    [
      'without a length',
      (_request, response) => {
        response.write(Buffer.alloc(size, ' '));
        response.end(' ');
      },
    ],
    [
      'without an end',
      (_request, response) => {
        const more = () => void (response.destroyed || response.write(Buffer.alloc(65_536, ' '), more));
        more();
      },
    ],
  ])('end a script that is too large: %s', async (_what, listener) => {
    await using server = await serve(listener);
    await expect(downloadPac(server.url)).rejects.toMatchObject(failure('more than 1048576 bytes'));
  });

  test('allow a script of a mebibyte', async () => {
    await using server = await serve((_request, response) => void response.end(SCRIPT.padEnd(size)));
    expect(await downloadPac(server.url)).toHaveLength(size);
    expect(await downloadPac(new URL(`data:,${SCRIPT.padEnd(size, '/')}`))).toHaveLength(size);
  });

  test('apply to files and data: URLs', async () => {
    const file = path.join(folder, 'large.pac');
    writeFileSync(file, ' '.repeat(size + 1));
    await expect(downloadPac(pathToFileURL(file))).rejects.toMatchObject(failure('more than'));
    await expect(downloadPac(new URL(`data:,${'x'.repeat(size + 1)}`))).rejects.toMatchObject(failure('more than'));
    await expect(downloadPac(new URL(`data:,${'%20'.repeat(size + 1)}`))).rejects.toMatchObject(failure('more than'));
    const encoded = Buffer.alloc(size + 1).toString('base64');
    await expect(downloadPac(new URL(`data:;base64,${encoded}`))).rejects.toMatchObject(failure('more than'));
  });
});

describe('a server', () => {
  test.each([301, 302, 303, 307, 308])('may redirect with %i', async (status) => {
    await using server = await serve((request, response) =>
      request.url === '/there' ? response.end(SCRIPT) : response.writeHead(status, { Location: 'there' }).end(),
    );
    expect(await downloadPac(server.url)).toBe(SCRIPT);
  });

  test.each([
    ['file:///etc/passwd', 'a redirect to file:'],
    ['data:,x', 'a redirect to data:'],
    ['http://[', 'the server answered 302'],
  ])('may not redirect to %s', async (location, text) => {
    await using server = await serve((_request, response) => response.writeHead(302, { Location: location }).end());
    await expect(downloadPac(server.url)).rejects.toMatchObject(failure(text));
  });

  test.each([204, 304, 401, 404, 500])('that answers %i has no script', async (status) => {
    await using server = await serve((_request, response) => response.writeHead(status).end());
    await expect(downloadPac(server.url)).rejects.toMatchObject(failure(`the server answered ${status}`));
  });

  test('keeps no connection', async () => {
    await using server = await serve((_request, response) => response.end(SCRIPT));
    await downloadPac(server.url);
    await vi.waitFor(async () => expect(await server.connections()).toBe(0));
  });

  test('is named without user, password and query', async () => {
    await using server = await serve((_request, response) => response.writeHead(404).end());
    const url = new URL(`${server.url}?token=1`);
    Object.assign(url, { username: 'me', password: 'secret' });
    const error = await downloadPac(url).catch((reason: Error) => reason);
    expect(String(error)).toContain('/proxy.pac');
    expect(String(error)).not.toMatch(/secret|token/);
  });
});

describe('the charset', () => {
  const text = '// é\n';
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  test.each<[string, Buffer, string]>([
    ['UTF-8 by default', Buffer.from(text), ''],
    ['Latin-1 for invalid UTF-8', Buffer.from(text, 'latin1'), ''],
    ["the server's", Buffer.from(text, 'latin1'), 'text/plain; charset=iso-8859-1'],
    ["the server's, quoted", Buffer.from(text, 'latin1'), 'text/plain; charset="ISO-8859-1"'],
    ['Latin-1 for an unknown one', Buffer.from(text, 'latin1'), 'text/plain; charset=klingon'],
    ['Latin-1 for a wrong one', Buffer.from(text, 'latin1'), 'text/plain; charset=utf-8'],
    ['of a byte order mark: UTF-8', Buffer.from(`\ufeff${text}`), 'text/plain; charset=iso-8859-1'],
    ['of a byte order mark: UTF-16', utf16, ''],
    ['of a byte order mark: UTF-16 in network order', Buffer.from(utf16).swap16(), 'text/plain; charset=utf-8'],
  ])('is %s', async (_what, bytes, type) => {
    await using server = await serve((_request, response) => response.setHeader('Content-Type', type).end(bytes));
    expect(await downloadPac(server.url)).toBe(text);
  });

  test('leaves NUL as it is', async () => {
    await using server = await serve((_request, response) => response.end('a\0b'));
    expect(await downloadPac(server.url)).toBe('a\0b');
  });
});

describe('a data: URL', () => {
  test.each([
    ['data:,a%20b', 'a b'],
    ['data:text/plain,a b', 'a b'],
    ['data:,100%', '100%'],
    ['data:,%zz%4', '%zz%4'],
    ['data:,a?b=%3F', 'a?b=?'],
    ['data:,a#b', 'a'],
    ['data:,%C3%A9é', 'éé'],
    ['data:;charset=iso-8859-1,%E9', 'é'],
    ['data:;base64,YQ==', 'a'],
    ['data:text/plain;charset=utf-8;BASE64 ,w6k', 'é'],
    ['data:;base64,%59%51%3D%3D', 'a'],
  ])('%s is %j', async (url, text) => {
    vi.stubGlobal('fetch', () => Promise.reject(new Error('the fetch of the program')));
    expect(await downloadPac(new URL(url))).toBe(text);
    vi.unstubAllGlobals();
  });

  test('needs a comma', async () => {
    await expect(downloadPac(new URL('data:x'))).rejects.toMatchObject(failure('no comma'));
  });
});

describe('a file', () => {
  test('is read', async () => {
    const file = path.join(folder, 'a b%.pac');
    writeFileSync(file, SCRIPT);
    expect(await downloadPac(pathToFileURL(file))).toBe(SCRIPT);
  });

  test('must be a regular one that exists', async () => {
    await expect(downloadPac(pathToFileURL(folder))).rejects.toMatchObject(failure('not a file'));
    await expect(downloadPac(pathToFileURL(path.join(folder, 'none')))).rejects.toMatchObject(failure('ENOENT'));
    if (process.platform === 'win32') return;
    await expect(downloadPac(new URL('file:///dev/zero'))).rejects.toMatchObject(failure('not a file'));
  });
});
