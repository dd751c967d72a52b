/** The time, in milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** The current time as ISO 8601 in UTC with milliseconds. */
export const isoNow = (clock: Clock): string => new Date(clock.now()).toISOString();
