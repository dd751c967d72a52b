/** When the next checkpoint may be made. */
export interface CheckpointPace {
  isDue(): boolean;
  /** Notes an upload of a checkpoint's files, whether it succeeds or not. */
  uploaded(bytes: number): void;
}

const MEGABYTE = 1024 * 1024;

/** Half of what may be uploaded for an assignment: the runner that takes it up when it is given back has as much. */
export const PACED_UPLOADS = { count: 100, bytes: 500 * MEGABYTE } as const;

const unpacedCount = 25;
/** The session may be given more time in the middle of its work. */
const shortestRestMs = 30 * 60_000;

/**
 * The first checkpoints are made as the steps end; later ones so far apart that they last for the time that is left, because
 * uploads are counted and a runner that has none left could keep nothing.
 */
export function checkpointPace({ timeLeftMs, now }: { timeLeftMs: number; now: () => number }): CheckpointPace {
  const endAt = now() + timeLeftMs;
  const used = { count: 0, bytes: 0 };
  let dueAt = Number.NEGATIVE_INFINITY;

  return {
    isDue: () => now() >= dueAt,
    uploaded(bytes) {
      used.count += 1;
      used.bytes += bytes;
      // as if the following ones were as large
      const fitting = Math.floor((PACED_UPLOADS.bytes - used.bytes) / Math.max(1, bytes));
      const left = Math.min(PACED_UPLOADS.count - used.count, fitting);
      const isUnpaced = used.count < unpacedCount && left >= PACED_UPLOADS.count - unpacedCount;
      if (left <= 0) dueAt = Number.POSITIVE_INFINITY;
      else if (!isUnpaced) dueAt = now() + Math.max(shortestRestMs, endAt - now()) / left;
    },
  };
}
