import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AbortError, onAbort, refusalOf, withSignal } from '../lib/abort-signal.ts';

describe('onAbort', () => {
  it('calls each callback once, with one listener on the signal', () => {
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

  it('removes its listener after the last callback is cancelled, and adds it again', () => {
    const controller = new AbortController();
    const { signal } = controller;
    onAbort(signal, () => {})();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    let called = 0;
    onAbort(signal, () => called++);
    controller.abort();
    expect(called).toBe(1);
  });

  it('does not call a callback that an earlier callback removed', () => {
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
  it('returns the error for an invalid or aborted signal', () => {
    expect(refusalOf(undefined)).toBeUndefined();
    expect(refusalOf(new AbortController().signal)).toBeUndefined();
    expect(refusalOf(AbortSignal.abort('why'))).toMatchObject({ code: 'ABORT_ERR', cause: 'why' });
    expect(refusalOf(5)).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  });
});

describe('withSignal', () => {
  it('settles as the promise, or rejects when the signal aborts', async () => {
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
