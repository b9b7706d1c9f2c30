// Global properties: WS-037 to WS-043. No test of this section creates a handle (WS-043).
import assert from 'node:assert/strict';
import { handlesCreated } from './context.ts';
import type { StatementSection } from './statement.ts';
import { PropertyType } from './subject.ts';

export const globalProperties: StatementSection = {
  'WS-038': (t) => {
    assert.equal(t.globalProperty(PropertyType.KEEPALIVE_INTERVAL), 30_000);
  },

  'WS-042': (t) => {
    t.fails('WebSocketGetGlobalProperty', () => t.globalProperty(PropertyType.RECEIVE_BUFFER_SIZE), {
      preferred: 'E_INVALIDARG',
    });
  },

  'WS-043': (t) => {
    assert.equal(handlesCreated(), 0, 'no handle was created in this process');
    assert.ok((t.globalProperty(PropertyType.KEEPALIVE_INTERVAL) as number) >= 15_000);
    assert.ok([t.globalProperty(PropertyType.SUPPORTED_VERSIONS)].flat().includes(13));
  },
};
