import { describe, expect, it } from 'vitest';
import {
  type HttpHeader,
  WebSocketBeginClientHandshake,
  WebSocketBeginServerHandshake,
  WebSocketEndClientHandshake,
  WebSocketEndServerHandshake,
} from '../../../lib/sys.ts';
import { availableBackends, backendPairs } from '../../helpers/backends.ts';
import { createPair, handshake } from '../../helpers/loopback.ts';
import { refusal, refusedByComponent, wrongCharacter, wrongType } from '../../helpers/refusal.ts';

const headerOf = (headers: readonly HttpHeader[], name: string): string | undefined =>
  headers.find((header) => header.name.toLowerCase() === name)?.value;

const REQUEST: readonly HttpHeader[] = [
  { name: 'Host', value: 'example.test' },
  { name: 'Connection', value: 'Upgrade' },
  { name: 'Upgrade', value: 'websocket' },
  { name: 'Sec-WebSocket-Version', value: '13' },
  { name: 'Sec-WebSocket-Key', value: 'dGhlIHNhbXBsZSBub25jZQ==' },
];

describe.each(backendPairs)('a handshake of %s with %s', (client, server) => {
  const pairOf = () => createPair({ client: { backend: client }, server: { backend: server } });

  it('selects nothing if nothing was offered', () => {
    using pair = pairOf();
    expect(handshake(pair)).toMatchObject({ selectedExtensions: [], selectedSubprotocol: undefined });
  });

  it('returns the indices of the selected sub-protocol and extensions', () => {
    using pair = pairOf();
    const result = handshake(pair, {
      subprotocols: ['chat', 'soap'],
      extensions: ['x-one', 'x-two', 'x-three'],
      selectedSubprotocol: 'soap',
      selectedExtensions: ['x-two', 'x-three'],
    });
    expect(result.selectedSubprotocol).toBe(1);
    expect(result.selectedExtensions).toEqual([1, 2]);
    expect(headerOf(result.response, 'sec-websocket-protocol')).toBe('soap');
  });

  it('distinguishes the first sub-protocol from none', () => {
    using pair = pairOf();
    expect(handshake(pair, { subprotocols: ['chat'], selectedSubprotocol: 'chat' }).selectedSubprotocol).toBe(0);
  });

  it('treats an empty list as missing, and null as undefined', () => {
    using pair = pairOf();
    const request = WebSocketBeginClientHandshake(pair.client.handle, [], null as never, []);
    expect(headerOf(request, 'sec-websocket-protocol')).toBeUndefined();
    const all = [{ name: 'Host', value: 'h' }, ...request];
    const response = WebSocketBeginServerHandshake(pair.server.handle, null as never, [], all);
    expect(WebSocketEndClientHandshake(pair.client.handle, response).selectedExtensions).toEqual([]);
    expect(WebSocketEndServerHandshake(pair.server.handle)).toBeUndefined();
  });
});

describe.each(availableBackends)('the handshake functions of %s', (backend) => {
  const pairOf = () => createPair({ client: { backend }, server: { backend } });

  it('return headers as name and value', () => {
    using pair = pairOf();
    const response = WebSocketBeginServerHandshake(pair.server.handle, undefined, undefined, REQUEST);
    expect(headerOf(response, 'sec-websocket-accept')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    for (const header of response) expect(Object.keys(header)).toEqual(['name', 'value']);
  });

  it('accept latin1 and return it', () => {
    using pair = pairOf();
    const headers = [...REQUEST, { name: 'X-Name', value: 'caf\u00e9 \u00ff\u0080' }];
    expect(WebSocketBeginServerHandshake(pair.server.handle, undefined, undefined, headers)).not.toHaveLength(0);
  });

  it('accept a header with an empty value', () => {
    using pair = pairOf();
    const headers = [{ name: 'Host', value: '' }, ...REQUEST.slice(1)];
    expect(WebSocketBeginServerHandshake(pair.server.handle, undefined, undefined, headers)).not.toHaveLength(0);
  });

  // Which tokens the real component rejects is not documented.
  it.runIf(backend === 'portable')('pass tokens to the component', () => {
    using pair = pairOf();
    for (const token of ['a b', '"', '']) {
      expect(refusal(() => WebSocketBeginClientHandshake(pair.client.handle, [token]))).toMatchObject(
        refusedByComponent('WebSocketBeginClientHandshake'),
      );
    }
  });

  it('pass calls in any order and role to the component', () => {
    using pair = pairOf();
    const { client, server } = pair;
    expect(refusal(() => WebSocketEndClientHandshake(client.handle, REQUEST))).toMatchObject(
      refusedByComponent('WebSocketEndClientHandshake'),
    );
    expect(refusal(() => WebSocketEndServerHandshake(server.handle))).toMatchObject(
      refusedByComponent('WebSocketEndServerHandshake'),
    );
    expect(refusal(() => WebSocketBeginClientHandshake(server.handle))).toMatchObject(
      refusedByComponent('WebSocketBeginClientHandshake'),
    );
    expect(refusal(() => WebSocketBeginServerHandshake(client.handle, undefined, undefined, REQUEST))).toMatchObject(
      refusedByComponent('WebSocketBeginServerHandshake'),
    );
  });

  it('pass missing headers to the component', () => {
    using pair = pairOf();
    const { client, server } = pair;
    WebSocketBeginClientHandshake(client.handle);
    for (const headers of [[], [{ name: 'Upgrade', value: 'websocket' }]]) {
      expect(refusal(() => WebSocketEndClientHandshake(client.handle, headers))).toMatchObject(
        refusedByComponent('WebSocketEndClientHandshake'),
      );
      expect(refusal(() => WebSocketBeginServerHandshake(server.handle, undefined, undefined, headers))).toMatchObject(
        refusedByComponent('WebSocketBeginServerHandshake'),
      );
    }
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'Host: h'],
    ['an object', { Host: 'h' }],
    ['a Map', new Map([['Host', 'h']])],
    ['a header that is a string', ['Host: h']],
    ['a header that is an array', [['Host', 'h']]],
    ['a hole', new Array(1)],
    ['a name that is a number', [{ name: 1, value: 'h' }]],
    ['a missing value', [{ name: 'Host' }]],
    ['a value that is a number', [{ name: 'Content-Length', value: 0 }]],
    ['a value that is an object with toString', [{ name: 'Host', value: { toString: () => 'h' } }]],
    ['a revoked Proxy', revokedProxy()],
  ])('reject %s as headers', (_what, headers) => {
    using pair = pairOf();
    WebSocketBeginClientHandshake(pair.client.handle);
    expect(refusal(() => WebSocketEndClientHandshake(pair.client.handle, headers as never))).toMatchObject(wrongType);
    expect(
      refusal(() => WebSocketBeginServerHandshake(pair.server.handle, undefined, undefined, headers as never)),
    ).toMatchObject(wrongType);
  });

  it.each([
    ['a number', 1],
    ['a string', 'chat'],
    ['an object', {}],
    ['an array with a number', [1]],
    ['an array with null', [null]],
    ['a hole', new Array(1)],
  ])('reject %s as a list of tokens', (_what, list) => {
    using pair = pairOf();
    const { client, server } = pair;
    expect(refusal(() => WebSocketBeginClientHandshake(client.handle, list as never))).toMatchObject(wrongType);
    expect(refusal(() => WebSocketBeginClientHandshake(client.handle, [], list as never))).toMatchObject(wrongType);
    expect(
      refusal(() => WebSocketBeginServerHandshake(server.handle, undefined, list as never, REQUEST)),
    ).toMatchObject(wrongType);
  });

  it.each([1, {}, ['chat'], Symbol('chat')])('reject %o as the selected sub-protocol', (subprotocol) => {
    using pair = pairOf();
    expect(
      refusal(() => WebSocketBeginServerHandshake(pair.server.handle, subprotocol as never, undefined, REQUEST)),
    ).toMatchObject(wrongType);
  });

  it.each([
    ['CR', '\r'],
    ['LF', '\n'],
    ['NUL', '\0'],
    ['U+0100', '\u0100'],
    ['a surrogate', '\ud83d\ude00'],
  ])('reject %s in every string', (_what, character) => {
    using pair = pairOf();
    const { client, server } = pair;
    const bad = `a${character}b`;
    const calls: (() => unknown)[] = [
      () => WebSocketBeginClientHandshake(client.handle, [bad]),
      () => WebSocketBeginClientHandshake(client.handle, ['ok', bad]),
      () => WebSocketBeginClientHandshake(client.handle, [], [bad]),
      () => WebSocketBeginClientHandshake(client.handle, [], [], [{ name: bad, value: 'ok' }]),
      () => WebSocketBeginClientHandshake(client.handle, [], [], [{ name: 'ok', value: bad }]),
      () => WebSocketEndClientHandshake(client.handle, [{ name: 'Upgrade', value: bad }]),
      () => WebSocketBeginServerHandshake(server.handle, bad, undefined, REQUEST),
      () => WebSocketBeginServerHandshake(server.handle, undefined, [bad], REQUEST),
      () => WebSocketBeginServerHandshake(server.handle, undefined, undefined, [{ name: 'Host', value: bad }]),
    ];
    for (const call of calls) expect(refusal(call)).toMatchObject(wrongCharacter);
  });

  it('name the invalid header', () => {
    using pair = pairOf();
    const headers = [...REQUEST, { name: 'X', value: 'a\r\nInjected: yes' }];
    expect(
      refusal(() => WebSocketBeginServerHandshake(pair.server.handle, undefined, undefined, headers)).message,
    ).toContain('"headers[5].value"');
  });

  it('accept 100,000 headers at once', () => {
    using pair = pairOf();
    const many = Array.from({ length: 100_000 }, (_, index) => ({ name: `X-${index}`, value: `value ${index}` }));
    const start = performance.now();
    const response = WebSocketBeginServerHandshake(pair.server.handle, undefined, undefined, [...REQUEST, ...many]);
    // Only a much higher cost per header can exceed this limit: 20 ms are usual.
    expect(performance.now() - start).toBeLessThan(5000);
    expect(headerOf(response, 'sec-websocket-accept')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(WebSocketBeginClientHandshake(pair.client.handle, [], [], many)).not.toHaveLength(0);
  });

  it('accept 100,000 tokens and a header of 1 MiB', () => {
    using pair = pairOf();
    const tokens = Array.from({ length: 100_000 }, (_, index) => `p${index}`);
    const request = WebSocketBeginClientHandshake(pair.client.handle, tokens, undefined, [
      { name: 'X-Long', value: 'x'.repeat(1 << 20) },
    ]);
    expect(headerOf(request, 'sec-websocket-protocol')?.split(',')).toHaveLength(100_000);
  });
});

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
}
