import type { Priority } from '#domain/session/session';

/** Head start in seconds. Waiting ages everybody alike, so that no priority waits for ever. */
const HEAD_START_SECONDS: Readonly<Record<Priority, number>> = {
  critical: 3600,
  high: 1800,
  medium: 0,
  low: -1800,
  deferred: -7200,
};

/** Time that orders the queue: when it came, minus its head start. Milliseconds. */
export const adjustedTime = (enqueuedAtMs: number, priority: Priority): number =>
  enqueuedAtMs - HEAD_START_SECONDS[priority] * 1000;
