/** How often agents of a stage ask for work, in seconds. */
export interface PollTimes {
  /** While there is something to do: then it is also how often they hear what is wanted of them. */
  readonly busySeconds: number;
  readonly idleSeconds: number;
}

/** When an agent asks for work again: soon while it got some or some waits that it could not take. */
export const pollAfterSeconds = (
  { busySeconds, idleSeconds }: PollTimes,
  claimed: { readonly granted: readonly unknown[]; readonly moreWaits: boolean },
): number => (claimed.granted.length > 0 || claimed.moreWaits ? busySeconds : idleSeconds);
