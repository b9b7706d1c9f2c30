import { expect } from 'vitest';
import { MessageError } from '../../lib/http1/message-error.ts';

/** Returns the fault of the MessageError that a call throws; `undefined` without an error. */
export function faultOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(MessageError);
    return (error as MessageError).fault;
  }
}
