// Resuming a download with `winwire get --resume`, from a server that supports ranges.
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunningCommand, winwire } from '../../helpers/command-line.ts';
import { FileServer } from '../../helpers/file-server.ts';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';
import { HttpServer } from '../../helpers/http-server.ts';

const CONTENT = Buffer.from(Array.from({ length: 50_000 }, (_, i) => `${i}\n`).join(''));
const HALF = 100_000;

let server: FileServer;
let folder: string;
let file: string;

beforeEach(async () => {
  server = await FileServer.start(CONTENT);
  folder = makeFolder('resume');
  file = join(folder, 'download');
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  removeFolder(folder);
});

const resume = () => winwire(['get', '--resume', '-o', file, server.url]);
const note = () => `${file}.resume`;
const lastHeaders = () => server.requests.at(-1)?.headers;

/** Resolves when the file has reached a size. */
async function sizeReached(path: string, size: number): Promise<void> {
  const watcher = watch(folder);
  try {
    while ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < size) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
}

/** Creates an incomplete file and the note of its version. */
function begun(validator?: string): void {
  writeFileSync(file, CONTENT.subarray(0, HALF));
  if (validator !== undefined) writeFileSync(note(), JSON.stringify({ url: server.url, validator }));
}

describe('--resume', () => {
  it('starts a download if there is nothing to resume', async () => {
    expect(await resume()).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(file).equals(CONTENT)).toBe(true);
    expect(lastHeaders()).not.toHaveProperty('range');
  });

  it('requests the rest and appends it', async () => {
    begun();
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(file).equals(CONTENT)).toBe(true);
    expect(lastHeaders()).toMatchObject({ range: `bytes=${HALF}-` });
    expect(lastHeaders()).not.toHaveProperty('if-range');
  });

  it('sends If-Range if the version is known, and deletes the note at the end', async () => {
    begun('"first"');
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(file).equals(CONTENT)).toBe(true);
    expect(lastHeaders()).toMatchObject({ range: `bytes=${HALF}-`, 'if-range': '"first"' });
    expect(existsSync(note())).toBe(false);
  });

  it('restarts with a remark if the file has changed', async () => {
    begun('"first"');
    server.content = Buffer.from('the new content, which is shorter');
    server.etag = '"second"';
    const { code, stderr } = await resume();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^winwire: the server sent the whole file.*begun anew\n$/);
    expect(readFileSync(file, 'utf8')).toBe('the new content, which is shorter');
  });

  it('restarts if the server does not support ranges', async () => {
    begun();
    server.ignoresRanges = true;
    const { code, stderr } = await resume();
    expect(code).toBe(0);
    expect(stderr).toContain('begun anew');
    expect(readFileSync(file).equals(CONTENT)).toBe(true);
  });

  it('keeps a complete file', async () => {
    writeFileSync(file, CONTENT);
    expect(await resume()).toMatchObject({ code: 0, stderr: `winwire: ${file} is complete already\n` });
    expect(readFileSync(file).equals(CONTENT)).toBe(true);
  });

  it("is exit code 33 if the file is longer than the server's", async () => {
    const longer = Buffer.concat([CONTENT, Buffer.from('more')]);
    writeFileSync(file, longer);
    const { code, stderr } = await resume();
    expect(code).toBe(33);
    expect(stderr).toContain(`of ${CONTENT.length} bytes`);
    expect(readFileSync(file).equals(longer)).toBe(true);
  });

  it.each(['bytes 5-9/10', 'bytes */10', 'nonsense', ''])('is exit code 33 where the range is %j', async (range) => {
    begun();
    server.contentRange = range;
    expect((await resume()).code).toBe(33);
    expect(readFileSync(file).equals(CONTENT.subarray(0, HALF))).toBe(true);
  });

  it.each([
    'no JSON',
    '{}',
    '{"url":1,"validator":2}',
    JSON.stringify({ url: 'http://other/', validator: '"first"' }),
    JSON.stringify({ url: '', validator: '"a"\r\nX-Injected: 1' }),
  ])('ignores an invalid note: %s', async (text) => {
    begun();
    writeFileSync(note(), text.replace('"url":""', `"url":${JSON.stringify(server.url)}`));
    expect((await resume()).code).toBe(0);
    expect(lastHeaders()).not.toHaveProperty('if-range');
    expect(readFileSync(file).equals(CONTENT)).toBe(true);
  });
});

describe('a file with the name of a note', () => {
  it('is neither read, replaced nor removed', async () => {
    begun();
    writeFileSync(note(), 'of the user');
    expect((await resume()).code).toBe(0);
    expect(readFileSync(note(), 'utf8')).toBe('of the user');
    await using other = await HttpServer.start();
    expect((await winwire(['get', '-o', file, other.url('/short')])).code).toBe(18);
    expect(readFileSync(note(), 'utf8')).toBe('of the user');
  });
});

describe('an error response', () => {
  it.each([404, 500, 204])('%d is not appended', async (status) => {
    begun();
    await using other = await HttpServer.start();
    const url = other.url(`/status?code=${status}`);
    const { code, stderr } = await winwire(['get', '--resume', '-o', file, url]);
    expect({ code, bytes: readFileSync(file).length }).toEqual({ code: 22, bytes: HALF });
    expect(stderr).toContain(`${status}`);
    expect(stderr).toContain('nothing was changed');
  });
});

describe.runIf(process.platform !== 'win32')('an interrupted download', () => {
  const interrupted = async () => {
    server.stopsAfter = HALF;
    await using command = new RunningCommand(['get', '-o', file, server.url]);
    await sizeReached(file, HALF);
    command.interrupt();
    const code = await command.end();
    server.stopsAfter = Number.POSITIVE_INFINITY;
    return { code, stderr: command.stderr };
  };

  it('is kept, reported, and resumed', async () => {
    const { code, stderr } = await interrupted();
    expect(code).toBe(130);
    expect(stderr).toBe(
      `winwire: ${file} holds 97.7 KiB of 282.1 KiB: continue with --resume\n` +
        'winwire: interrupted: the request was aborted\n',
    );
    expect(JSON.parse(readFileSync(note(), 'utf8'))).toEqual({ url: server.url, validator: '"first"' });
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    expect(lastHeaders()).toMatchObject({ 'if-range': '"first"' });
    expect(readFileSync(file).equals(CONTENT)).toBe(true);
  });

  it.each([
    ['a strong tag', '"a"', undefined, '"a"'],
    ['a weak tag', 'W/"a"', 'Tue, 01 Jan 2019 00:00:00 GMT', undefined],
    ['an old date', undefined, 'Tue, 01 Jan 2019 00:00:00 GMT', 'Tue, 01 Jan 2019 00:00:00 GMT'],
    ['a date that is too fresh', undefined, 'Thu, 01 Jan 2099 00:00:00 GMT', undefined],
    ['nothing', undefined, undefined, undefined],
  ])('stores its version from %s', async (_, etag, lastModified, validator) => {
    server.etag = etag;
    server.lastModified = lastModified;
    await interrupted();
    const noted = existsSync(note()) ? JSON.parse(readFileSync(note(), 'utf8')).validator : undefined;
    expect(noted).toBe(validator);
  });
});
