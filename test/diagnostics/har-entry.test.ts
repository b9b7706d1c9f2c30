// HAR entries of arbitrary responses.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EntryOptions, entryOf, type Observation } from '../../lib/diagnostics/har-entry.ts';
import { schemaErrors } from './har-schema.ts';

const ALL: EntryOptions = { keepSecrets: true, bodies: true, bodySize: 1000 };

function observed(parts: Partial<Observation> = {}, trace: object = {}): Observation {
  return {
    trace: {
      backend: 'portable',
      method: 'GET',
      url: 'http://a.test/',
      headers: [],
      body: undefined,
      status: 200,
      statusText: 'OK',
      responseHeaders: '',
      responseUrl: undefined,
      ...trace,
    } as unknown as Observation['trace'],
    date: new Date(0),
    start: 100,
    end: 200,
    chunks: [],
    size: 0,
    ...parts,
  };
}

/** Returns the entry after validating it. */
function entry(seen: Observation, options = ALL) {
  const one = JSON.parse(JSON.stringify(entryOf(seen, options)));
  expect(schemaErrors('entry.json#', one)).toEqual([]);
  return one;
}

const cookie = (line: string) =>
  entry(observed({}, { responseHeaders: `Set-Cookie: ${line}\r\n\r\n` })).response.cookies[0];

describe('an entry', () => {
  it.each([
    ['a=b', { name: 'a', value: 'b', httpOnly: false, secure: false }],
    ['a=b=c; Secure; HttpOnly', { name: 'a', value: 'b=c', httpOnly: true, secure: true }],
    ['a; path=/x; domain=a.test', { name: 'a', value: '', path: '/x', domain: 'a.test' }],
    ['a=b; Path=/x=y', { path: '/x=y' }],
    ['a=b; Expires=Thu, 01 Jan 1970 00:00:01 GMT', { expires: '1970-01-01T00:00:01.000Z' }],
    ['a=b; EXPIRES = Thu, 01 Jan 1970 00:00:01 GMT', { expires: '1970-01-01T00:00:01.000Z' }],
    ['', { name: '', value: '' }],
    ['=;;=', { name: '', value: '' }],
  ])('contains the cookie %j', (line, expected) => {
    expect(cookie(line)).toMatchObject(expected);
  });

  it.each(['never', 'Sat, 13 Sep 275760 00:00:01 GMT', 'Fri, 31 Dec 10000 23:59:59 GMT', ''])(
    'omits an invalid date: %j',
    (date) => {
      expect(cookie(`a=b; Expires=${date}`)).not.toHaveProperty('expires');
    },
  );

  const text = fc.string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
    maxLength: 30,
  });
  const name = fc.constantFrom('Set-Cookie', 'Content-Type', 'Location', 'X-Any', 'set-cookie');

  it('is valid with any headers of request and response', () => {
    const lines = fc.array(fc.tuple(name, text), { maxLength: 5 });
    const options = fc.record({ keepSecrets: fc.boolean(), bodies: fc.boolean(), bodySize: fc.constantFrom(1, 1000) });
    fc.assert(
      fc.property(
        lines,
        lines,
        fc.webUrl({ withQueryParameters: true }),
        fc.uint8Array(),
        options,
        (sent, received, url, body, how) => {
          const bytes = Buffer.from(body);
          const responseHeaders = received.map(([one, value]) => `${one}: ${value}\r\n`).join('');
          const seen = observed(
            { chunks: [bytes], size: bytes.length },
            { url, headers: sent, body: bytes, responseHeaders },
          );
          const { request, response } = entry(seen, how);
          expect(request.headers).toHaveLength(sent.length);
          expect(response.headers).toHaveLength(received.length);
          expect(response.bodySize).toBe(bytes.length);
          const { content } = response;
          if (how.bodies && bytes.length <= how.bodySize && how.keepSecrets)
            expect(Buffer.from(content.text, content.encoding ?? 'utf8').equals(bytes)).toBe(true);
        },
      ),
    );
  });

  it('has timings that add up to its time and are not negative', () => {
    const part = fc.option(fc.nat(40), { nil: undefined });
    fc.assert(
      fc.property(part, part, part, fc.nat(30), fc.nat(30), fc.nat(30), (lookup, connect, tls, send, wait, receive) => {
        const opened = 100 + (lookup ?? 0) + (connect ?? 0) + (connect === undefined ? 0 : (tls ?? 0));
        const moments = { connected: opened, sent: opened + send, responseStart: opened + send + wait };
        const times = connect === undefined ? {} : { connect, ...(tls === undefined ? {} : { tls }) };
        const end = moments.responseStart + receive;
        const { time, timings } = entry(
          observed({ ...times, ...(lookup === undefined ? {} : { lookup }), ...moments, end }),
        );
        const { dns, connect: connecting, ssl } = timings;
        expect(timings).toMatchObject({ blocked: -1, send, wait, receive });
        expect([dns, ssl]).toEqual([lookup ?? -1, connect === undefined ? -1 : (tls ?? -1)]);
        expect(Math.max(dns, 0) + Math.max(connecting, 0) + send + wait + receive).toBe(time);
      }),
    );
  });

  // A connection that was begun for another request, an answer before the last connection.
  it('has timings that add up to its time and are not negative, in whatever order events came', () => {
    const moment = fc.nat(100);
    const moments = fc.record(
      { lookup: moment, connect: moment, tls: moment, connected: moment, sent: moment, responseStart: moment },
      { requiredKeys: ['connect', 'connected'] },
    );
    fc.assert(
      fc.property(moments, ({ connected, sent, responseStart, ...durations }) => {
        const seen = observed({ ...durations, connected: 100 + connected, end: 200 });
        if (sent !== undefined) seen.sent = 100 + sent;
        if (responseStart !== undefined) seen.responseStart = 100 + responseStart;
        const { time, timings } = entry(seen);
        const { dns, connect, send, wait, receive } = timings;
        expect(Math.min(send, wait, receive)).toBeGreaterThanOrEqual(0);
        expect(Math.max(dns, 0) + Math.max(connect, 0) + send + wait + receive).toBe(time);
      }),
    );
  });
});
