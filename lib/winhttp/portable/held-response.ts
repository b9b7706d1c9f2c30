/** A response whose use is not decided: its body waits. */
import type { WinwireError } from '../../errors.ts';
import type { ResponseHead } from '../../http1/response-head.ts';
import type { Connection } from './http-connection.ts';

export class HeldResponse {
  readonly head: ResponseHead;
  readonly chunks: Buffer[] = [];
  #end: { readonly connection?: Connection | undefined; readonly error?: WinwireError } | undefined;

  constructor(head: ResponseHead) {
    this.head = head;
  }

  /** How the response ended: with its connection, if that is open, or with an error; undefined if it goes on. */
  get end(): { readonly connection?: Connection | undefined; readonly error?: WinwireError } | undefined {
    return this.#end;
  }

  /** The bytes that wait. */
  get size(): number {
    return this.chunks.reduce((total, { length }) => total + length, 0);
  }

  /** Keeps a part. A paused connection delivers only what it has read. */
  hold(chunk: Buffer): false {
    this.chunks.push(chunk);
    return false;
  }

  ended(connection: Connection | undefined): void {
    this.#end = { connection };
  }

  failed(error: WinwireError): void {
    this.#end = { error };
  }
}
