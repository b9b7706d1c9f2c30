import { expect, test } from 'vitest';
import { RawServer } from '../../helpers/http-raw-server.ts';
import { HttpServer } from '../../helpers/http-server.ts';
import { runProgram } from '../../helpers/program.ts';

const PROGRAM = new URL('unref-program.mjs', import.meta.url);
const ENDED = { code: 0, stdout: 'sent\n', stderr: '' };

test('a request without a reference does not keep the process alive, on a new connection and a kept one', async () => {
  await using server = await HttpServer.start();
  expect(await runProgram(PROGRAM, [server.url('/never')])).toMatchObject(ENDED);
  expect(await runProgram(PROGRAM, [server.url('/never'), server.url()])).toMatchObject(ENDED);
});

test('neither while connecting', async () => {
  // It never answers the handshake.
  await using server = await RawServer.start(() => {});
  expect(await runProgram(PROGRAM, [`https://127.0.0.1:${server.port}/`])).toMatchObject(ENDED);
});
