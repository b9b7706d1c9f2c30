import { beforeEach, describe, expect, it } from 'vitest';
import { EventHandlers } from '../../../lib/websocket/web/event-handlers.ts';

describe('event handler attributes (HTML, "Event handlers")', () => {
  let target: EventTarget;
  let handlers: EventHandlers;
  let calls: string[];
  const note = (name: string) => () => void calls.push(name);

  beforeEach(() => {
    target = new EventTarget();
    handlers = new EventHandlers(target);
    calls = [];
  });

  it.each([[undefined], [null], [1], ['function'], [true], [Symbol('handler')]])('are null once set to %s', (value) => {
    expect(handlers.get('open')).toBeNull();
    handlers.set('open', note('before'));
    handlers.set('open', value);
    expect(handlers.get('open')).toBeNull();
    target.dispatchEvent(new Event('open'));
    expect(calls).toEqual([]);
  });

  it('keep an object that is not a function, and do not call its handleEvent', () => {
    const listener = { handleEvent: note('handleEvent') };
    handlers.set('open', listener);
    expect(handlers.get('open')).toBe(listener);
    target.dispatchEvent(new Event('open'));
    expect(calls).toEqual([]);
  });

  it('are called in the order in which they were first set', () => {
    target.addEventListener('open', note('first'));
    handlers.set('open', note('replaced'));
    target.addEventListener('open', note('last'));
    handlers.set('open', note('handler'));
    target.dispatchEvent(new Event('open'));
    expect(calls).toEqual(['first', 'handler', 'last']);
  });

  it('lose their place when they are set to null', () => {
    handlers.set('open', note('gone'));
    target.addEventListener('open', note('listener'));
    handlers.set('open', null);
    handlers.set('open', note('handler'));
    target.dispatchEvent(new Event('open'));
    expect(calls).toEqual(['listener', 'handler']);
  });

  it('can be replaced while the event is on its way', () => {
    target.addEventListener('open', () => handlers.set('open', note('new')));
    handlers.set('open', note('old'));
    target.dispatchEvent(new Event('open'));
    expect(calls).toEqual(['new']);
  });

  it('get the target as `this` and the event', () => {
    const event = new Event('open');
    let seen: unknown[] = [];
    handlers.set('open', function (this: unknown, ...args: unknown[]) {
      seen = [this, ...args];
    });
    target.dispatchEvent(event);
    expect(seen).toEqual([target, event]);
    expect(seen[0]).toBe(target);
  });

  it.each([
    [false, true],
    [undefined, false],
    [0, false],
  ])('that return %s cancel the event: %s', (result, cancelled) => {
    handlers.set('open', () => result);
    const event = new Event('open', { cancelable: true });
    target.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(cancelled);
  });

  it('are one for each type', () => {
    handlers.set('open', note('open'));
    handlers.set('close', note('close'));
    handlers.set('open', null);
    target.dispatchEvent(new Event('open'));
    target.dispatchEvent(new Event('close'));
    expect(calls).toEqual(['close']);
  });
});
