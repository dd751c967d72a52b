import { setTimeout } from 'node:timers/promises';
import type { Clock } from '#application/ports/clock';

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now(), pause: (milliseconds) => setTimeout(milliseconds) };
