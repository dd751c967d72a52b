/** Hex of the SHA-256 of a text. */
export type Sha256 = (text: string) => string;

const FIRST_FOUR_BYTES = 8;

/** The first four bytes of a text's SHA-256 as a number: 0 … 2³² − 1, big endian. */
export const firstBytesOf = (sha256: Sha256, text: string): number =>
  Number.parseInt(sha256(text).slice(0, FIRST_FOUR_BYTES), 16);
