// Sends until the operating system delays one.

// A write that the system accepts at once ends within a few turns of the event loop.
const TURNS = 100;

/**
 * Sends once per turn until the system delays a send, and returns the results; the last one is pending. The number
 * varies: Windows accepts two writes of any size at once (Microsoft, "Design issues - Sending small data segments over
 * TCP with Winsock"), Linux what fits into the socket's buffer.
 */
export async function sendUntilHeld<T>(send: () => Promise<T>): Promise<Promise<T>[]> {
  const sends: Promise<T>[] = [];
  for (let isHeld = false; !isHeld; ) {
    isHeld = true;
    const latest = send();
    latest.finally(() => (isHeld = false)).catch(() => {});
    sends.push(latest);
    for (let turn = 0; turn < TURNS && isHeld; turn++) await new Promise(setImmediate);
  }
  return sends;
}
