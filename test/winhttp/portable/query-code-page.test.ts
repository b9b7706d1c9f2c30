// Option 2 on the wire, and the ports of other protocols.
import { expect, test } from 'vitest';
import { WinHttpRequestOption as Option, WinHttpRequest } from '../../../lib/index.ts';
import { ScriptedServer } from '../../../lib/parity/http-server.ts';
import { create, failure } from '../../helpers/http-request.ts';

test('the query is sent in the code page that was set before open', async () => {
  await using server = await ScriptedServer.start();
  const request = await create();
  await request.setOption(Option.URLCodePage, 1251);
  await request.open('GET', server.url('/я?я'));
  await request.setOption(Option.URLCodePage, 1252);
  await request.send();
  expect((await server.arrived()).target).toBe('/%D1%8F?%FF');
  const response = await WinHttpRequest.request(server.url('/?é'), {
    backend: 'portable',
    options: { URLCodePage: 1252 },
  });
  expect(response.status).toBe(200);
  expect((await server.arrived(2)).target).toBe('/?%E9');
});

test('an unknown code page is rejected only if it is needed', async () => {
  await using server = await ScriptedServer.start();
  const request = await create();
  await request.setOption(Option.URLCodePage, 37);
  await request.open('GET', server.url('/?é'));
  const error = await failure(request.send(), 'E_INVALIDARG');
  expect(error.message).toContain('URLCodePage 37');
  await request.open('GET', server.url('/é?e'));
  await request.send();
  expect(server.requests.map(({ target }) => target)).toEqual(['/%C3%A9?e']);
});

test.each([21, 25, 70, 110, 119, 143])(
  'no request goes to port %s, directly, by a proxy or a redirect',
  async (port) => {
    const blocked = `http://127.0.0.1:${port}/`;
    await using server = await ScriptedServer.start((_request, reply) =>
      reply.send({ status: 302, headers: { Location: blocked } }),
    );
    const backend = 'portable';
    const proxy = { server: server.host };
    const expected = { code: 'ERROR_WINHTTP_CANNOT_CONNECT', message: expect.stringContaining(`port ${port}`) };
    await expect(WinHttpRequest.request(blocked, { backend })).rejects.toMatchObject(expected);
    await expect(WinHttpRequest.request(blocked, { backend, proxy })).rejects.toMatchObject(expected);
    expect(server.connections).toBe(0);
    await expect(WinHttpRequest.request(server.url(), { backend })).rejects.toMatchObject(expected);
  },
);
