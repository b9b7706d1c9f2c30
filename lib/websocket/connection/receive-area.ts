/**
 * The areas of a thread's block that a receive writes: items, text and the shared receive buffer. A sink that is called
 * with an item may cause another receive (a transport within the process); that one must leave the areas as they were.
 */
import { items, sharedReceive, text } from './pump-block.ts';

interface SavedAreas {
  readonly items: Int32Array;
  readonly bytes: Uint8Array;
  readonly text: Uint8Array;
}

class ReceiveArea {
  /** Whether a sink is being called with items of the block. */
  isBeingRead = false;

  /** Before a receive: what an outer one still has in the areas. */
  save(): SavedAreas | undefined {
    if (!this.isBeingRead) return undefined;
    return { items: items.slice(), bytes: Uint8Array.from(sharedReceive), text: Uint8Array.from(text) };
  }

  /** After a receive. */
  restore(saved: SavedAreas | undefined): void {
    this.isBeingRead = saved !== undefined;
    if (saved === undefined) return;
    items.set(saved.items);
    sharedReceive.set(saved.bytes);
    text.set(saved.text);
  }
}

export const receiveArea = new ReceiveArea();
