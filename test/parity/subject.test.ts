import { describe, expect, test } from 'vitest';
import { reportOf, type ScenarioResult } from '../../lib/parity/report.ts';
import { importSubject, type Provider, type Subject, subjectOf } from '../../lib/parity/subject.ts';

const OFFERS = { WebSocketGetAction: () => ({}) };

/** Returns a module with this text. */
const moduleOf = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;

describe('subjectOf', () => {
  test.each(['portable', 'system'] as const)(
    'the backend %s reports its provider, or why it is not available',
    (backend) => {
      const { name, providers } = subjectOf(backend);
      expect(name).toBe(backend);
      for (const provider of Object.values(providers)) {
        expect(provider.provider).toMatch(/\w/);
        if (backend === 'portable') expect(provider.unavailable).toBeUndefined();
        else if (process.platform !== 'win32') expect(provider.unavailable).toMatch(/\w/);
      }
    },
  );

  test('an implementation is named by the caller, by its export, or has a default name', () => {
    expect(subjectOf(OFFERS, 'told').name).toBe('told');
    expect(subjectOf({ ...OFFERS, name: 'own' } as never).name).toBe('own');
    expect(subjectOf({ ...OFFERS, name: '' } as never).name).toBe('implementation');
    expect(subjectOf({ ...OFFERS, name: 5 } as never).name).toBe('implementation');
  });

  test('a subject with one component reports that the other is missing', () => {
    expect(subjectOf(OFFERS, 'half').providers).toEqual({
      websocket: { provider: 'half' },
      winhttp: { provider: 'half', unavailable: 'half offers no request object' },
      proxy: { provider: 'half', unavailable: 'half offers no resolveProxy' },
    });
    const { providers } = subjectOf({ createRequest: async () => ({}) as never }, 'half');
    expect(providers.websocket.unavailable).toBe('half offers no function of websocket.h');
    expect(providers.winhttp.unavailable).toBeUndefined();
  });

  test('accepts resolveProxy, and calls it as a method of the implementation', () => {
    const implementation = {
      route: 'DIRECT',
      resolveProxy(this: { route: string }) {
        return this.route;
      },
    };
    const subject = subjectOf(implementation, 'third');
    expect(subject.providers.websocket.unavailable).toBe('third offers no function of websocket.h');
    expect(subject.providers.proxy).toEqual({ provider: 'third' });
    expect(subject.resolveProxy?.('http://a.example/', {} as never)).toBe('DIRECT');
  });

  test('accepts a class of request objects, and creates them with it', async () => {
    const asked: unknown[] = [];
    class Request {
      readonly made = true;
    }
    const create = async function (this: unknown, options: unknown) {
      asked.push(this, options);
      return new Request();
    };
    Object.assign(Request, { create });
    const subject = subjectOf(Request as never);
    expect(subject.name).toBe('Request');
    expect(await subject.createRequest?.({ backend: 'portable' } as never)).toBeInstanceOf(Request);
    expect(asked).toEqual([Request, { backend: 'portable' }]);
  });

  test('a subject is returned unchanged', () => {
    const subject = subjectOf(OFFERS);
    expect(subjectOf(subject)).toBe(subject);
  });

  const empty = [
    { name: 'empty' },
    { websocket: {} },
    { WebSocketSend: 5 },
    { createRequest: 5 },
    { WinHttpRequest: {} },
    { resolveProxy: 'DIRECT' },
  ];
  test.each([undefined, null, 5, 'windows', {}, () => {}, ...empty])('rejects %j', (like) => {
    expect(() => subjectOf(like as never)).toThrowError(
      expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' }),
    );
  });
});

describe('importSubject', () => {
  test.each([
    ['functions by name', 'export const WebSocketGetAction = () => {}; export const name = "named";', 'named'],
    ['a default', 'export default { name: "default", WebSocketGetAction() {} };', 'default'],
    ['a class as default', 'export default class Requests { static async create() {} }', 'Requests'],
  ])('imports %s', async (_, text, name) => {
    const subject = await importSubject(moduleOf(text));
    expect(subject.name).toBe(name);
    expect(subject.websocket ?? subject.createRequest).toBeDefined();
  });

  test('rejects a module without an implementation', async () => {
    await expect(importSubject(moduleOf('export const nothing = 1;'))).rejects.toThrow(TypeError);
    await expect(importSubject(moduleOf('export default class {}'))).rejects.toThrow(TypeError);
  });
});

describe('the notes of a report', () => {
  const results = (['websocket', 'winhttp'] as const).map(
    (component): ScenarioResult => ({ id: component, title: '', group: '', component, verdict: 'equal', steps: [] }),
  );
  const subject = (name: string, provider: Provider): Subject => ({
    ...subjectOf(OFFERS, name),
    providers: { websocket: provider, winhttp: provider, proxy: provider },
  });
  const notes = (left: Provider, right: Provider, of = results) =>
    reportOf(subject('left', left), subject('right', right), of).notes;
  const microsoft = { provider: 'Microsoft' };

  test('name the component without results', () => {
    expect(notes(microsoft, { provider: 'portable' })).toEqual([]);
    expect(notes({ provider: 'stand-in' }, { provider: 'portable' })[0]).toMatch(
      /^WebSocket: the stand-in is the portable/,
    );
    expect(notes({ provider: 'stand-in' }, microsoft)).toEqual([]);
    expect(notes({ provider: 'Wine' }, { provider: 'portable' })).toEqual([
      "WebSocket: what answers as system is Wine's own, not Microsoft's.",
      "WinHttpRequest: what answers as system is Wine's own, not Microsoft's.",
    ]);
    expect(notes({ provider: 'none', unavailable: 'not here' }, microsoft)[1]).toBe(
      'WinHttpRequest: left cannot be asked: not here',
    );
  });

  test('mention only the compared components', () => {
    const only = results.slice(0, 1);
    expect(notes({ provider: 'Wine' }, microsoft, only)).toHaveLength(1);
    expect(notes({ provider: 'Wine' }, microsoft, [])).toEqual([]);
  });
});
