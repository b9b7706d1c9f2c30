// The growth of a process that repeats its work, for programs that tests run.

const ROUNDS = 7;

/**
 * Resolves to the growth in bytes in each of some equal rounds of work, and to their median. A round alone may grow or
 * shrink without a leak: V8 and the allocator take pages and give them back in steps. A leak grows in each round.
 *
 * @param {() => Promise<number>} sizeAfterRound Works and resolves to the size of the process.
 */
export async function growthOf(sizeAfterRound) {
  // The first round also loads code and takes the pages that all later ones use.
  let size = await sizeAfterRound();
  const growths = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = size;
    size = await sizeAfterRound();
    growths.push(size - before);
  }
  return { growths, median: growths.toSorted((a, b) => a - b)[ROUNDS >> 1] };
}
