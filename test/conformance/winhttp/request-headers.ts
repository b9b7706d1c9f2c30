// SetRequestHeader: RQ-045 to RQ-058.
import assert from 'node:assert/strict';
import type { SeenRequest } from '../../../lib/parity/http-wire.ts';
import { NULL, type RequestContext } from './context.ts';
import { Code } from './hresult.ts';
import type { StatementSection } from './statement.ts';
import type { WinHttpRequest } from './subject.ts';

/** Sends a prepared request and returns it as received by the server. */
async function seen(t: RequestContext, prepare: (request: WinHttpRequest) => Promise<unknown>): Promise<SeenRequest> {
  const server = await t.serve();
  const request = await t.open(server.url());
  await prepare(request);
  await request.send();
  return server.arrived();
}

export const requestHeaders: StatementSection = {
  'RQ-045': async (t) => {
    const request = await t.create();
    await t.fails(() => request.setRequestHeader('X-Name', 'value'), Code.CANNOT_CALL_BEFORE_OPEN);
  },

  'RQ-046': async (t) => {
    const request = await t.create();
    await t.fails(() => request.setRequestHeader('X-Name', NULL), Code.CANNOT_CALL_BEFORE_OPEN);
  },

  'RQ-047': async (t) => {
    const request = await t.create();
    await t.fails(() => request.setRequestHeader(NULL, NULL), Code.INVALID_ARGUMENT);
  },

  'RQ-048': async (t) => {
    const { header } = await seenHeader(t, (request) => request.setRequestHeader('X-Name', 'some value'));
    assert.equal(header('X-Name'), 'some value');
  },

  'RQ-049': async (t) => {
    const { header } = await seenHeader(t, async (request) => {
      await request.setRequestHeader('X-Name', 'value');
      await request.setRequestHeader('X-Other', 'other');
      await request.setRequestHeader('X-Name', NULL);
    });
    assert.equal(header('X-Name'), undefined);
    assert.equal(header('X-Other'), 'other');
  },

  'RQ-050': async (t) => {
    const { header } = await seenHeader(t, (request) => request.setRequestHeader('X-Name', NULL));
    assert.equal(header('X-Name'), undefined);
  },

  'RQ-051': async (t) => {
    const { values } = await seenHeader(t, async (request) => {
      await request.setRequestHeader('X-Name', 'first');
      await request.setRequestHeader('x-nAME', 'last');
    });
    assert.deepEqual(values('X-Name'), ['last']);
  },

  'RQ-052': async (t) => {
    const { values } = await seenHeader(t, (request) => request.setRequestHeader('X-Name', ''));
    assert.deepEqual(values('X-Name'), ['']);
  },

  'RQ-053': async (t) => {
    const { headers } = await seen(t, async (request) => {
      for (const name of ['', 'X Name']) {
        const { hresult } = await t.fails(() => request.setRequestHeader(name, 'bad value'));
        await t.assumed(() => assert.equal(hresult, Code.INVALID_HEADER));
      }
    });
    assert.ok(headers.length > 0);
    assert.ok(headers.every(([name, value]) => name !== '' && !name.includes(' ') && value !== 'bad value'));
  },

  'RQ-054': async (t) => {
    const { values, header } = await seenHeader(t, async (request) => {
      await request.setRequestHeader('X-Good', 'good');
      // Rejected with ERR_INVALID_CHAR before it reaches the object, which might accept it.
      await assert.rejects(request.setRequestHeader('X-Name', 'value\r\nX-Injected: yes'), Error);
    });
    assert.deepEqual(values('X-Injected'), []);
    assert.deepEqual(values('X-Name'), []);
    assert.equal(header('X-Good'), 'good');
  },

  'RQ-055': async (t) => {
    const { request } = await t.stage('DONE');
    await t.fails(() => request.setRequestHeader('X-Name', 'value'), Code.CANNOT_CALL_AFTER_SEND);
  },

  'RQ-056': async (t) => {
    const { request } = await t.stage('SENDING');
    await t.fails(() => request.setRequestHeader('X-Name', 'value'), Code.CANNOT_CALL_AFTER_SEND);
  },

  'RQ-057': async (t) => {
    const server = await t.serve();
    const request = await t.open(server.url());
    await request.setRequestHeader('X-Name', 'value');
    await request.send();
    await request.open('GET', server.url());
    await request.send();
    assert.equal((await server.arrived(1)).header('X-Name'), 'value');
    assert.equal((await server.arrived(2)).header('X-Name'), undefined);
  },

  'RQ-058': async (t) => {
    const given = { 'User-Agent': 'something/1.0', Accept: 'text/x-test', Host: 'elsewhere.test', Connection: 'close' };
    const { values } = await seenHeader(t, async (request) => {
      for (const [name, value] of Object.entries(given)) await request.setRequestHeader(name, value);
    });
    for (const [name, value] of Object.entries(given)) assert.deepEqual(values(name), [value]);
  },
};

async function seenHeader(t: RequestContext, prepare: (request: WinHttpRequest) => Promise<unknown>) {
  const request = await seen(t, prepare);
  return { header: (name: string) => request.header(name), values: (name: string) => request.values(name) };
}
