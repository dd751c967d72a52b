import { bandsOf, likeness, type Signature } from './min-hash.ts';

/** Texts that share at least this part of their runs of words say the same. */
export const NEAR_LIKENESS = 0.85;

/** How many texts of one bucket a text is compared to, so that a crowded one does not make the search slow. */
const COMPARED_PER_BAND = 32;

/**
 * Finds texts that nearly repeat an earlier one: locality-sensitive hashing of their signatures. Only what was kept is remembered, in
 * buckets by band, and a text is compared to a bounded number of others; so the time grows with the number of texts, no faster.
 */
export const makeNearDuplicates = () => {
  const buckets = new Map<string, Signature[]>();

  /** Whether the text nearly repeats one that was kept; if not, it is kept. */
  const repeats = (signature: Signature): boolean => {
    const bands = bandsOf(signature);
    const isNear = bands.some((band) =>
      (buckets.get(band) ?? []).some((kept) => likeness(kept, signature) >= NEAR_LIKENESS),
    );
    if (isNear) return true;
    for (const band of bands) {
      const bucket = buckets.get(band);
      if (bucket === undefined) buckets.set(band, [signature]);
      else if (bucket.length < COMPARED_PER_BAND) bucket.push(signature);
    }
    return false;
  };

  return { repeats };
};
