import type { EventInternals } from '#domain/event';
import type { virtualTime } from './asl-runner/virtual-time.ts';
import { entities } from './ports-in-memory.ts';

export interface BusInMemory {
  readonly time: ReturnType<typeof virtualTime>;
  readonly items: () => Parameters<typeof entities>[0];
  readonly consume: (internal: EventInternals) => Promise<void>;
}

/** Lets everything happen that needs no time: each committed event reaches its consumers once, as soon as nothing else happens. */
export const makeSettle = ({ time, items, consume }: BusInMemory) => {
  const delivered = new Set<string>();
  return async (): Promise<void> => {
    await time.advance(0);
    for (;;) {
      const next = entities(items(), 'event').find(
        ({ eventId, internal }) => internal && !delivered.has(String(eventId)),
      );
      if (next === undefined) return;
      delivered.add(String(next['eventId']));
      await consume(next['internal'] as EventInternals);
      await time.advance(0);
    }
  };
};
