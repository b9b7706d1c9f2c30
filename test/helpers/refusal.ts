// Returns the error of a call, so that a test can check all of it.

/** Returns the error of a call that must fail. */
export function refusal(call: () => unknown): Error & { code?: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`the thrown value is not an Error: ${String(error)}`);
  }
  throw new Error('the call succeeded');
}

/** Shapes for toMatchObject: errors for invalid arguments. */
export const typeError = (code: string) => ({ name: 'TypeError', code });
export const wrongType = typeError('ERR_INVALID_ARG_TYPE');
export const wrongValue = typeError('ERR_INVALID_ARG_VALUE');
export const outOfRange = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };
export const wrongCharacter = typeError('ERR_INVALID_CHAR');
export const deletedHandle = typeError('ERR_INVALID_HANDLE');
export const wrongActionContext = typeError('ERR_INVALID_ACTION_CONTEXT');

/** An error of the component; the conformance suite checks its code. */
export const refusedByComponent = (syscall: string) => ({ name: 'WinwireError', syscall });
