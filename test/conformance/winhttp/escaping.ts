// URL escaping: RQ-212 to RQ-218.
import assert from 'node:assert/strict';
import type { RequestContext } from './context.ts';
import type { StatementSection } from './statement.ts';
import { WinHttpRequestOption as Option } from './subject.ts';

/** Returns the request target at the server, with the options set before Open. */
async function target(t: RequestContext, path: string, ...options: readonly number[]): Promise<string> {
  const server = await t.serve();
  const request = await t.create();
  for (const option of options) await request.setOption(option, true);
  await request.open('GET', `http://${server.host}${path}`);
  await request.send();
  return (await server.arrived()).target;
}

export const escaping: StatementSection = {
  'RQ-212': async (t) => {
    assert.equal(await target(t, '/ "<>^`{|}'), '/%20%22%3C%3E%5E%60%7B%7C%7D');
  },

  'RQ-213': async (t) => {
    assert.equal(await target(t, '/%41/%zz?%41%zz'), '/%41/%zz?%41%zz');
  },

  'RQ-214': async (t) => {
    assert.equal(await target(t, '/a%41b%', Option.EscapePercentInURL), '/a%2541b%25');
  },

  'RQ-215': async (t) => {
    const path = '/"<>^`{|} é?"<>^`{|} é';
    assert.equal(await target(t, path, Option.UrlEscapeDisable), '/"<>^`{|}%20%C3%A9?"<>^`{|}%20%C3%A9');
  },

  'RQ-216': async (t) => {
    assert.equal(await target(t, '/"<> ?"<> ', Option.UrlEscapeDisableQuery), '/%22%3C%3E%20?"<>%20');
  },

  'RQ-217': async (t) => {
    assert.equal(await target(t, '/é€\u{1f600}'), '/%C3%A9%E2%82%AC%F0%9F%98%80');
  },

  'RQ-218': async (t) => {
    assert.equal(await target(t, ''), '/');
  },
};
