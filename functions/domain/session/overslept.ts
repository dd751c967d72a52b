import type { Wait } from './wait.ts';

/** How long a wake may take from the grant of a slot to the driver that waits for it. */
const WAKE_MS = 120_000;

/**
 * The wait of a driver that was to be woken for its slot long ago, due at once so that the sweeper tells it again. Undefined while
 * the wake may be on its way, where the driver waits for something else, and where the sweeper looks soon anyway.
 */
export const overslept = (wait: Wait, slotSince: string, now: number): Wait | undefined => {
  const isAsleep = wait.state === 'claim-slot' && wait.taskToken !== undefined;
  const isLookedAtSoon = wait.dueAt !== undefined && Date.parse(wait.dueAt) <= now + WAKE_MS;
  if (!isAsleep || isLookedAtSoon || Date.parse(slotSince) + WAKE_MS > now) return undefined;
  return { ...wait, dueAt: new Date(now).toISOString() };
};
