import { afterEach, expect, it } from 'vitest';
import { loadNative } from '../../../lib/native.ts';
import { items, sharedReceive, text } from '../../../lib/websocket/connection/pump-block.ts';
import { receiveArea } from '../../../lib/websocket/connection/receive-area.ts';

loadNative();
const areas = [items, text, sharedReceive];
const fill = (value: number) => {
  for (const area of areas) area.fill(value);
};
const firsts = () => areas.map((area) => area[0]);

afterEach(() => receiveArea.restore(undefined));

it('keeps for an outer receive what an inner one overwrites', () => {
  fill(1);
  receiveArea.isBeingRead = true;
  const saved = receiveArea.save();
  fill(2);
  receiveArea.restore(saved);
  expect([firsts(), receiveArea.isBeingRead]).toEqual([[1, 1, 1], true]);
});

it('saves nothing where no outer receive reads', () => {
  fill(1);
  const saved = receiveArea.save();
  fill(2);
  receiveArea.restore(saved);
  expect([saved, firsts(), receiveArea.isBeingRead]).toEqual([undefined, [2, 2, 2], false]);
});
