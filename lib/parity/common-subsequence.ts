/** The longest common subsequence of two lists. */

/** Maximum size of the table. */
const MAX_CELLS = 4_000_000;

/** Returns pairs of indices, in order; `undefined` if the lists are too long. */
export function commonSubsequence<T>(
  a: readonly T[],
  b: readonly T[],
  equal: (one: T, other: T) => boolean,
): [number, number][] | undefined {
  if (a.length * b.length > MAX_CELLS) return undefined;
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const same = equal(a[i] as T, b[j] as T);
      lengths[i * width + j] = same ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (equal(a[i] as T, b[j] as T)) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
