import { describe, expect, it } from 'vitest';
import { CloseEvent, WebSocketErrorEvent } from '../../../lib/websocket/web/events.ts';

describe('CloseEvent (WebSockets, "The CloseEvent interface")', () => {
  it('has the defaults of CloseEventInit', () => {
    const event = new CloseEvent('close');
    expect(event).toBeInstanceOf(Event);
    expect(event).toMatchObject({ type: 'close', code: 0, reason: '', wasClean: false });
    expect(event).toMatchObject({ bubbles: false, cancelable: false, composed: false });
  });

  it('accepts the members of EventInit too', () => {
    expect(new CloseEvent('close', { bubbles: true, cancelable: true, composed: true })).toMatchObject({
      bubbles: true,
      cancelable: true,
      composed: true,
    });
  });

  it('converts its members as Web IDL does', () => {
    const init = { code: 65_541, reason: 'a\uD800', wasClean: 1 };
    expect(new CloseEvent('close', init as never)).toMatchObject({ code: 5, reason: 'a\uFFFD', wasClean: true });
  });

  it('needs a type', () => {
    expect(CloseEvent.length).toBe(1);
    expect(() => Reflect.construct(CloseEvent, [])).toThrow(TypeError);
  });

  it('has read-only, enumerable members that only a CloseEvent has', () => {
    for (const name of ['code', 'reason', 'wasClean']) {
      const member = Object.getOwnPropertyDescriptor(CloseEvent.prototype, name);
      expect(member).toMatchObject({ enumerable: true, configurable: true, set: undefined });
      expect(() => member?.get?.call(new Event('close'))).toThrow(TypeError);
    }
    expect(String(new CloseEvent('close'))).toBe('[object CloseEvent]');
  });
});

describe('WebSocketErrorEvent', () => {
  it('contains the error, and is an Event', () => {
    const error = new Error('why');
    const event = new WebSocketErrorEvent(error);
    expect(event).toMatchObject({ type: 'error', error, message: 'why' });
    expect(String(event)).toBe('[object Event]');
    expect(new WebSocketErrorEvent('no Error').message).toBe('');
  });
});
