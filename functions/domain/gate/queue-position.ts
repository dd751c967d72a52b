/** How many stays the gate remembers, to tell how long one takes. */
const REMEMBERED = 20;

/** Fewer than these tell nothing. */
const LEAST = 5;

/** A holder that has outstayed the usual time is still not gone at once. */
const LEAST_SHARE = 10;

/** The newest stays with one more. */
export const remember = (stays: readonly number[] | undefined, seconds: number): readonly number[] =>
  [...(stays ?? []), seconds].slice(-REMEMBERED);

/** The usual length of a stay in seconds: the median of the newest; undefined as long as they are too few. */
export const usualStay = (stays: readonly number[] = []): number | undefined => {
  if (stays.length < LEAST) return undefined;
  const sorted = [...stays].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const around = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return around.reduce((sum, stay) => sum + stay, 0) / around.length;
};

/** When each place is free, in seconds from now. A lowered limit takes the places that are free first. */
const freeTimes = (limit: number, worked: readonly number[], usual: number): number[] => {
  const taken = worked.map((seconds) => Math.max(usual - seconds, usual / LEAST_SHARE)).sort((a, b) => a - b);
  const free = Array.from({ length: Math.max(0, limit - taken.length) }, () => 0);
  return [...free, ...taken.slice(Math.max(0, taken.length - limit))];
};

/**
 * Seconds until each of the first waiters gets a place, rounded up, in the order of the queue. Undefined when nobody can tell.
 * `worked` has the seconds that each holder has worked so far.
 */
export const estimatedWaits = (
  { limit, stays }: { readonly limit: number; readonly stays?: readonly number[] | undefined },
  worked: readonly number[],
  waiters: number,
): readonly number[] | undefined => {
  const usual = usualStay(stays);
  if (usual === undefined || limit < 1) return undefined;
  const places = freeTimes(limit, worked, usual);
  return Array.from({ length: waiters }, () => {
    const earliest = Math.min(...places);
    places[places.indexOf(earliest)] = earliest + usual;
    return Math.ceil(earliest);
  });
};
