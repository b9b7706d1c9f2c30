import { tracingChannel } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import type { ProxyResolveTrace } from '../../lib/proxy/proxy-messages.ts';
import { resolveProxy } from '../../lib/proxy/resolve-proxy.ts';

test('winwire:proxy:resolve traces a look-up without secrets', async () => {
  const steps: [string, ProxyResolveTrace][] = [];
  const listen = (step: string) => (trace: unknown) => void steps.push([step, trace as ProxyResolveTrace]);
  const listeners = { start: listen('start'), asyncEnd: listen('asyncEnd'), error: listen('error') } as never;
  const channel = tracingChannel('winwire:proxy:resolve');
  channel.subscribe(listeners);
  try {
    const from = { proxy: 'http://me:secret@a:1' };
    const result = await resolveProxy('https://me:secret@example.org/secret?secret', { from, backend: 'portable' });
    const pac = 'data:,secret}';
    await resolveProxy('http://example.org/', { from: { pac }, backend: 'portable' }).catch(() => {});
    expect(steps.map(([step]) => step)).toEqual(['start', 'asyncEnd', 'start', 'error', 'asyncEnd']);
    expect(steps[1]?.[1]).toMatchObject({ url: 'https://example.org/', from: 'option', backend: 'portable', result });
    expect(steps[4]?.[1]).toMatchObject({ from: 'data:', error: { code: 'ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT' } });
    expect(JSON.stringify(steps)).not.toContain('secret');
  } finally {
    channel.unsubscribe(listeners);
  }
});
