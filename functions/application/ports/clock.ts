/** The time, in milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Ends after so many milliseconds. For moments within a request, never for waiting on work. */
  pause(milliseconds: number): Promise<void>;
}

/** The current time as ISO 8601 in UTC with milliseconds. */
export const isoNow = (clock: Pick<Clock, 'now'>): string => new Date(clock.now()).toISOString();
