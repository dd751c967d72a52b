/** How a server stands. Times in milliseconds. */
export interface ServerCondition {
  readonly ageMs: number;
  /** Undefined while somebody works with it. */
  readonly idleMs: number | undefined;
  /** Undefined where nobody can tell. */
  readonly memoryBytes: number | undefined;
}

const MINUTE_MS = 60_000;
const longestIdleMs = 15 * MINUTE_MS;
const longestLifeMs = 6 * 60 * MINUTE_MS;
const largestMemoryBytes = 1.5 * 1024 ** 3;

/** Why a server should give way to a fresh one, or to none: OpenCode never gives back what it once took. Undefined when it may stay. */
export function whyRecycle({ ageMs, idleMs, memoryBytes }: ServerCondition): string | undefined {
  if (idleMs !== undefined && idleMs >= longestIdleMs) return 'nobody needed it for 15 minutes';
  if (ageMs > longestLifeMs) return 'it is older than 6 hours';
  if (memoryBytes !== undefined && memoryBytes > largestMemoryBytes) return 'it takes more than 1.5 GB of memory';
  return undefined;
}
