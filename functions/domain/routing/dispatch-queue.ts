import type { Assignment } from '#domain/assignment/assignment';
import type { Priority } from '#domain/session/session';

/** Head start in seconds. Smaller than that of the tenant's slots: who waits here holds a slot. */
const HEAD_START_SECONDS: Readonly<Record<Priority, number>> = {
  critical: 60,
  high: 30,
  medium: 0,
  low: -30,
  deferred: -120,
};

const DIGITS = 15;
const SECOND_MS = 1000;

/** Place in the dispatch queue: when the work was ready, minus its head start, then its id. Compares as text. */
export const queueKey = (readyAtMs: number, priority: Priority, id: string): string =>
  `${String(readyAtMs - HEAD_START_SECONDS[priority] * SECOND_MS).padStart(DIGITS, '0')}#${id}`;

/** Work with another priority: its place is counted anew from the moment it was ready. */
export const reprioritize = (work: Assignment, priority: Priority): Assignment =>
  work.priority === priority
    ? work
    : { ...work, priority, queueKey: queueKey(Date.parse(work.createdAt), priority, work.id) };
