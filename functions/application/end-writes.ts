import { countedEnd, tallyChanges } from '#domain/model/count-end';
import type { SessionLive } from '#domain/session/live';
import type { SessionChange } from '#domain/session/transition';
import { sessionWrites } from './change-writes.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { Write } from './ports/write.ts';

/** What is known of the work of a session that ends. */
interface EndedWork {
  readonly live: SessionLive | undefined;
  readonly now: number;
  /** Whether its result says that no real model did it. @default false */
  readonly isSimulated?: boolean | undefined;
}

/**
 * The head of a session that ends, its events, and what the end counts for the model version that served it: in the transaction of the
 * head it is counted once, however often the end is tried. A session that has ended before counts as it does now in place of that.
 * An end that counts for nothing leaves that as it is, and costs nothing more.
 */
export const endWrites = (change: SessionChange, { live, now, isSimulated }: EndedWork, ids: Identifiers): Write[] => {
  const counted = countedEnd(change.after, live, now, isSimulated);
  if (counted === undefined) return sessionWrites(change, ids);
  return [
    ...sessionWrites({ ...change, after: { ...change.after, counted } }, ids),
    ...tallyChanges(change.after.counted, counted).map((tally) => ({ kind: 'tally', change: tally }) as const),
  ];
};
