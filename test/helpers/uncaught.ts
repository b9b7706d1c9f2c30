// Exceptions of user callbacks, which winwire passes on to the process.
import { onTestFinished } from 'vitest';

/** Records the messages of uncaught exceptions until the test ends, in place of the test runner. */
export function recordUncaught(): string[] {
  const messages: string[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => messages.push(error.message));
  onTestFinished(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
  });
  return messages;
}
