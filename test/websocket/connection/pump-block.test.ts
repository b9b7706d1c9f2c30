import { expect, it } from 'vitest';
import { loadNative } from '../../../lib/native.ts';
import * as block from '../../../lib/websocket/connection/pump-block.ts';

it('has its areas one behind another', () => {
  const { byteLength } = loadNative().pumpBlock();
  const areas = [block.fields, block.items, block.messages, block.staging, block.text, block.sharedReceive];
  const starts = areas.map((area) => area.byteOffset);
  const ends = areas.map((area) => area.byteOffset + area.byteLength);
  expect(starts).toEqual([0, ...ends.slice(0, -1)]);
  expect(ends.at(-1)).toBeLessThanOrEqual(byteLength);
});
