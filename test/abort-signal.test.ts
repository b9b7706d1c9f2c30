import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AbortError, onAbort, refusalOf, withSignal } from '../lib/abort-signal.ts';

describe('onAbort', () => {
  it('calls each back once, and has one listener while anybody waits', () => {
    const controller = new AbortController();
    const { signal } = controller;
    const called: number[] = [];
    const stops = Array.from({ length: 20 }, (_, index) => onAbort(signal, () => called.push(index)));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    for (const stop of stops.slice(2)) stop();
    controller.abort();
    expect(called).toEqual([0, 1]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('leaves the signal alone when nobody waits any more, and begins again', () => {
    const controller = new AbortController();
    const { signal } = controller;
    onAbort(signal, () => {})();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    let called = 0;
    onAbort(signal, () => called++);
    controller.abort();
    expect(called).toBe(1);
  });

  it('does not call who was taken away by one that was called', () => {
    const controller = new AbortController();
    const called: string[] = [];
    const stops = [
      onAbort(controller.signal, () => {
        called.push('first');
        stops[1]?.();
      }),
      onAbort(controller.signal, () => called.push('second')),
    ];
    controller.abort();
    expect(called).toEqual(['first']);
  });
});

describe('refusalOf', () => {
  it('tells why a wait cannot begin', () => {
    expect(refusalOf(undefined)).toBeUndefined();
    expect(refusalOf(new AbortController().signal)).toBeUndefined();
    expect(refusalOf(AbortSignal.abort('why'))).toMatchObject({ code: 'ABORT_ERR', cause: 'why' });
    expect(refusalOf(5)).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  });
});

describe('withSignal', () => {
  it('is the promise, or the end of the wait for it', async () => {
    const controller = new AbortController();
    expect(await withSignal(Promise.resolve('value'), controller.signal)).toBe('value');
    expect(await withSignal(Promise.resolve('value'), null)).toBe('value');
    const ended = withSignal(new Promise(() => {}), controller.signal);
    controller.abort('enough');
    await expect(ended).rejects.toBeInstanceOf(AbortError);
    await expect(ended).rejects.toMatchObject({ cause: 'enough' });
    await expect(withSignal(Promise.resolve(), 5 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
});
