import { channel } from 'node:diagnostics_channel';
import { expect, it } from 'vitest';
import { type RequestTrace, RequestTracer } from '../../lib/diagnostics/winhttp-channels.ts';

const trace = () => ({ method: 'GET', url: 'http://a.test/', backend: 'portable' }) as unknown as RequestTrace;

it('does not describe a request without subscribers', () => {
  const begun = RequestTracer.begin(() => {
    throw new Error('described');
  });
  expect(begun).toBeUndefined();
});

it.each([
  'tracing:winwire:winhttp:request:start',
  'tracing:winwire:winhttp:request:error',
  'winwire:winhttp:connected',
  'winwire:winhttp:requestSent',
  'winwire:winhttp:responseStart',
  'winwire:winhttp:responseData',
  'winwire:winhttp:abort',
])('traces a request for subscribers of %s', (name) => {
  const listener = () => {};
  channel(name).subscribe(listener);
  try {
    expect(RequestTracer.begin(trace)?.wantsData).toBe(name.endsWith('responseData'));
  } finally {
    channel(name).unsubscribe(listener);
  }
});
