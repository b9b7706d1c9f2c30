// ResponseText: RQ-113 to RQ-120.
import assert from 'node:assert/strict';
import type { RequestContext } from './context.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';
import type { WinHttpRequest } from './subject.ts';

async function typed(t: RequestContext, contentType: string | undefined, body: Uint8Array): Promise<WinHttpRequest> {
  const headers: Record<string, string> = contentType === undefined ? {} : { 'Content-Type': contentType };
  const server = await t.serve((_request, reply) => reply.send({ headers, body }));
  return t.fetch(server.url());
}

async function decodes(t: RequestContext, contentType: string | undefined, bytes: Uint8Array | string, text: string) {
  const request = await typed(t, contentType, Buffer.from(bytes as string));
  assert.equal(await request.responseText, text);
}

const GREEN = 'grün € \u{1f600}';

export const responseText: StatementSection = {
  'RQ-113': async (t) => {
    await decodes(t, 'text/plain; charset=utf-8', GREEN, GREEN);
    await decodes(t, 'text/plain; charset=UTF-8', GREEN, GREEN);
  },

  'RQ-114': async (t) => {
    await decodes(t, 'text/plain', 'plain ASCII', 'plain ASCII');
    await decodes(t, undefined, 'plain ASCII', 'plain ASCII');
  },

  'RQ-115': (t) => decodes(t, 'text/plain; charset=iso-8859-1', Uint8Array.of(0x63, 0xe9), 'cé'),

  'RQ-116': (t) => decodes(t, 'text/plain; charset=windows-1251', Uint8Array.of(0xcf, 0xf0, 0xe8), 'При'),

  'RQ-117': (t) => decodes(t, 'text/plain; charset="utf-8"', GREEN, GREEN),

  'RQ-118': (t) => decodes(t, 'text/plain; charset=utf-8; x=y', GREEN, GREEN),

  'RQ-119': async (t) => {
    for (const bytes of [
      [0x61, 0xff, 0x62],
      [0xe2, 0x82],
      [0xc0, 0x80],
    ]) {
      const request = await typed(t, 'text/plain; charset=utf-8', Uint8Array.from(bytes));
      await t.fails(() => request.responseText, Code.NO_UNICODE_TRANSLATION);
      assert.deepEqual([...(await request.responseBody)], bytes);
    }
  },

  'RQ-120': async (t) => {
    await decodes(t, 'text/plain; charset=utf-8', 'a\0b\0', 'a\0b\0');
    await decodes(t, 'text/plain', 'a\0b\0', 'a\0b\0');
  },
};
