/** Hash functions of a signature; the likeness that it shows is exact to about ± 0.03. */
const HASHES = 128;
const BANDS = 16;
const ROWS = HASHES / BANDS;
/** Words that stand beside each other and count as one feature. */
const SHINGLE_WORDS = 5;

/** What a text looks like: 128 numbers of 16 bits. Texts share as large a part of them as they share of their shingles. */
export type Signature = Uint16Array;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

const hashOf = (text: string, start = FNV_OFFSET): number => {
  let hash = start;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  return hash >>> 0;
};

/** Spreads every bit over all bits (finalizer of MurmurHash3). */
const mixed = (value: number): number => {
  const first = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
};

const GOLDEN = 0x9e3779b9;
const SEEDS = Uint32Array.from({ length: HASHES }, (_, index) => mixed(Math.imul(index + 1, GOLDEN)));

/** The distinct runs of five words of a text, each as a number; a shorter text is one run. */
const shinglesOf = (text: string): ReadonlySet<number> => {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const hashes = words.map((word) => hashOf(word));
  const count = Math.max(1, hashes.length - SHINGLE_WORDS + 1);
  const shingles = new Set<number>();
  for (let start = 0; start < count; start++) {
    let shingle = FNV_OFFSET;
    for (let word = start; word < Math.min(start + SHINGLE_WORDS, hashes.length); word++)
      shingle = mixed(Math.imul(shingle, FNV_PRIME) ^ (hashes[word] as number));
    shingles.add(shingle);
  }
  return shingles;
};

/** MinHash over runs of five words. Equal texts have equal signatures, on every machine. */
export const signatureOf = (text: string): Signature => {
  const least = new Uint32Array(HASHES).fill(0xffffffff);
  for (const shingle of shinglesOf(text)) {
    for (let index = 0; index < HASHES; index++) {
      const hash = mixed(shingle ^ (SEEDS[index] as number));
      if (hash < (least[index] as number)) least[index] = hash;
    }
  }
  // the lower half: chance makes one in 65,536 equal, which is less than what the estimate is off
  return Uint16Array.from(least, (value) => value & 0xffff);
};

/** About which part of their runs of words two texts share, 0 … 1. */
export const likeness = (a: Signature, b: Signature): number => {
  let equal = 0;
  for (let index = 0; index < HASHES; index++) if (a[index] === b[index]) equal++;
  return equal / HASHES;
};

/** One key per band; texts of a likeness of 0.85 share one of 16 in more than 99 of 100 cases, of 0.5 in 6. */
export const bandsOf = (signature: Signature): readonly string[] =>
  Array.from({ length: BANDS }, (_, band) => `${band}:${signature.slice(band * ROWS, (band + 1) * ROWS).join()}`);
