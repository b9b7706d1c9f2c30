// Awaits the failure of an attempt.
import { expect } from 'vitest';

export const failureOf = (attempt: Promise<unknown>): Promise<Error & Record<string, unknown>> =>
  attempt.then(
    () => expect.fail('it succeeded'),
    (error) => error,
  );
