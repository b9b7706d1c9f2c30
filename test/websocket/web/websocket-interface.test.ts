import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from '../../../lib/websocket/web/websocket.ts';

/** A port that fails without using the network. */
const NOWHERE = 'ws://127.0.0.1:1/';

const open: WebSocket[] = [];
function make(): WebSocket {
  const socket = new WebSocket(NOWHERE);
  open.push(socket);
  return socket;
}
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

const member = (name: string) => Object.getOwnPropertyDescriptor(WebSocket.prototype, name) as PropertyDescriptor;
const setter = (name: string, value: unknown) => () => member(name).set?.call(new EventTarget(), value);

describe('the interface WebSocket (WebSockets, "Interface definition"; Web IDL)', () => {
  it('is an EventTarget whose constructor has one required argument', () => {
    expect([WebSocket.name, WebSocket.length]).toEqual(['WebSocket', 1]);
    expect(Object.getPrototypeOf(WebSocket)).toBe(EventTarget);
    expect(Object.getPrototypeOf(WebSocket.prototype)).toBe(EventTarget.prototype);
    expect(() => Reflect.construct(WebSocket, [])).toThrow(TypeError);
    expect(() => Reflect.apply(WebSocket, undefined, [NOWHERE])).toThrow(TypeError);
  });

  it('ignores additional arguments', () => {
    expect(Reflect.construct(WebSocket, [NOWHERE, 'chat', 'stray'])).toBeInstanceOf(WebSocket);
  });

  it('is named by its objects', () => {
    expect(String(make())).toBe('[object WebSocket]');
    const tag = Object.getOwnPropertyDescriptor(WebSocket.prototype, Symbol.toStringTag);
    expect(tag).toEqual({ value: 'WebSocket', writable: false, enumerable: false, configurable: true });
  });

  it.each(Object.entries({ CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 }))(
    'has the read-only constant %s on class and prototype',
    (name, value) => {
      const constant = { value, writable: false, enumerable: true, configurable: false };
      const socket = make();
      expect(Object.getOwnPropertyDescriptor(WebSocket, name)).toEqual(constant);
      expect(member(name)).toEqual(constant);
      expect(Reflect.set(socket, name, 5)).toBe(false);
      expect(Reflect.deleteProperty(WebSocket, name)).toBe(false);
      expect(socket[name as 'OPEN']).toBe(value);
      expect(Object.hasOwn(socket, name)).toBe(false);
    },
  );

  it.each([['url'], ['readyState'], ['bufferedAmount'], ['extensions'], ['protocol']])(
    'has the read-only attribute %s',
    (name) => {
      expect(member(name)).toMatchObject({ enumerable: true, configurable: true, set: undefined });
      expect(Reflect.set(make(), name, 5)).toBe(false);
    },
  );

  it.each([['onopen'], ['onmessage'], ['onerror'], ['onclose'], ['binaryType']])('has the attribute %s', (name) => {
    expect(member(name)).toMatchObject({ enumerable: true, configurable: true, set: expect.any(Function) });
    expect(setter(name, null)).toThrow(TypeError);
    expect(setter(name, 'blob')).toThrow(TypeError);
  });

  it.each([
    ['url'],
    ['readyState'],
    ['bufferedAmount'],
    ['extensions'],
    ['protocol'],
    ['onopen'],
    ['onmessage'],
    ['onerror'],
    ['onclose'],
    ['binaryType'],
  ])('%s of another object throws a TypeError', (name) => {
    expect(() => member(name).get?.call(new EventTarget())).toThrow(TypeError);
    expect(() => Reflect.get(WebSocket.prototype, name)).toThrow(TypeError);
  });

  it.each([
    ['close', 0],
    ['send', 1],
  ])('has the operation %s, with %i required arguments', (name, length) => {
    const { value, ...how } = member(name);
    expect(how).toEqual({ writable: true, enumerable: true, configurable: true });
    expect([value.name, value.length]).toEqual([name, length]);
    expect(() => value.call(new EventTarget(), 5)).toThrow(TypeError);
  });

  it('converts the argument of send before it checks the state', () => {
    expect(() => make().send(Symbol('text') as never)).toThrow(TypeError);
  });

  it.each([['nonsense'], [''], ['Blob'], [null], [undefined], [1]])('binaryType: %j changes nothing', (value) => {
    const socket = make();
    expect(socket.binaryType).toBe('blob');
    socket.binaryType = 'arraybuffer';
    socket.binaryType = value as never;
    expect(socket.binaryType).toBe('arraybuffer');
  });

  it('binaryType is converted to a string', () => {
    const socket = make();
    socket.binaryType = { toString: () => 'arraybuffer' } as never;
    expect(socket.binaryType).toBe('arraybuffer');
    expect(() => {
      socket.binaryType = Symbol('blob') as never;
    }).toThrow(TypeError);
  });

  it.each([['open'], ['message'], ['error'], ['close']])('on%s is null at first and listens to %s', (type) => {
    const socket = make() as unknown as EventTarget & Record<string, unknown>;
    expect(socket[`on${type}`]).toBeNull();
    const seen: Event[] = [];
    const handler = (event: Event) => seen.push(event);
    socket[`on${type}`] = handler;
    expect(socket[`on${type}`]).toBe(handler);
    const event = new Event(type);
    socket.dispatchEvent(event);
    socket[`on${type}`] = 'text';
    expect(socket[`on${type}`]).toBeNull();
    socket.dispatchEvent(new Event(type));
    expect(seen).toEqual([event]);
  });
});
