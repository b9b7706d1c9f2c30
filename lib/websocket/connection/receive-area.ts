/**
 * The areas of a thread's block that a receive writes: items, text and the shared receive buffer. A sink may cause
 * another receive (a transport within the process), which must restore the areas.
 */
import { items, sharedReceive, text } from './pump-block.ts';

interface SavedAreas {
  readonly items: Int32Array;
  readonly bytes: Uint8Array;
  readonly text: Uint8Array;
}

class ReceiveArea {
  /** Whether a sink is called with items of the block. */
  isBeingRead = false;

  /** Saves the areas of an outer receive. */
  save(): SavedAreas | undefined {
    if (!this.isBeingRead) return undefined;
    return { items: items.slice(), bytes: Uint8Array.from(sharedReceive), text: Uint8Array.from(text) };
  }

  /** Restores the areas after a receive. */
  restore(saved: SavedAreas | undefined): void {
    this.isBeingRead = saved !== undefined;
    if (saved === undefined) return;
    items.set(saved.items);
    sharedReceive.set(saved.bytes);
    text.set(saved.text);
  }
}

export const receiveArea = new ReceiveArea();
