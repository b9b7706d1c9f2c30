import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ActionTracer } from '../../lib/diagnostics/action-tracer.ts';
import type { NativeBinding, NativeHandle } from '../../lib/native.ts';

/** A tracer of a handle that gives these records, and its calls. */
function tracerOf(...records: (ArrayBuffer | number)[]) {
  const calls: string[] = [];
  const native = {
    startTrace: () => calls.push('start'),
    stopTrace: () => calls.push('stop'),
    pumpAbort: () => calls.push('abort'),
    takeTrace: () => {
      calls.push('take');
      return records.shift() ?? 0;
    },
  };
  return { calls, tracer: new ActionTracer(native as unknown as NativeBinding, {} as NativeHandle) };
}

const recorder = () => {
  const heard: string[] = [];
  return { heard, calls: () => void heard.push('calls'), end: () => void heard.push('end') };
};

it('tells listeners nothing where there are no records', async () => {
  const { tracer } = tracerOf(new ArrayBuffer(0), -1);
  const listener = recorder();
  tracer.add(listener);
  tracer.collect();
  tracer.collect();
  await nextTurn();
  expect(listener.heard).toEqual([]);
});

it('records from the first listener to the last', () => {
  const { calls, tracer } = tracerOf();
  tracer.collect();
  tracer.end();
  const [removeFirst, removeSecond] = [tracer.add(recorder()), tracer.add(recorder())];
  removeFirst();
  removeFirst();
  expect(calls.filter((call) => call !== 'take')).toEqual(['start']);
  removeSecond();
  removeSecond();
  expect(calls.filter((call) => call !== 'take')).toEqual(['start', 'stop']);
});

it('takes the last records of an aborted handle, then ends its listeners', async () => {
  const { calls, tracer } = tracerOf();
  const listener = recorder();
  tracer.add(listener);
  tracer.end();
  tracer.end();
  expect(listener.heard).toEqual([]);
  await nextTurn();
  expect([calls, listener.heard]).toEqual([['start', 'abort', 'take'], ['end']]);
});
