const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LETTERS = 10;
const RANDOM_LETTERS = 16;

/** The smallest ULID of a moment (milliseconds): every id that was made earlier sorts before it. */
export const firstUlidOf = (ms: number): string => {
  const letters = Array.from({ length: TIME_LETTERS }, (_, index) => {
    const place = ALPHABET.length ** (TIME_LETTERS - 1 - index);
    return ALPHABET[Math.floor(Math.max(0, ms) / place) % ALPHABET.length];
  });
  return `${letters.join('')}${'0'.repeat(RANDOM_LETTERS)}`;
};
