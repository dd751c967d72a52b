const patienceMs = 60_000;

type Nothing = undefined | false;

/** Looks again and again until there is something. Throws after a minute. */
export async function eventually<T>(what: string, look: () => T | Nothing | Promise<T | Nothing>): Promise<T> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > giveUpAt) throw new Error(`never seen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
