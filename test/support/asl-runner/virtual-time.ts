import { aClock } from '#test/support/ports-in-memory';

export interface Timer {
  readonly passed: Promise<void>;
  cancel(): void;
}

type MovedClock = ReturnType<typeof aClock>;

/** Lets everything happen that needs no time to pass. Nothing in memory waits for more than promises. */
export const settledInMemory = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Time that passes only when a test says so; whatever is due happens in order, at its own moment of the clock. */
export const virtualTime = (clock: MovedClock = aClock(), settled: () => Promise<void> = settledInMemory) => {
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>();
  const earliest = () => [...timers].sort((one, other) => one.at - other.at)[0];
  const moveTo = (at: number) => clock.advance((at - clock.now()) / 1000);

  return {
    now: clock.now,

    timer(seconds: number): Timer {
      let cancel: () => void = () => undefined;
      const passed = new Promise<void>((resolve) => {
        const timer = { at: clock.now() + seconds * 1000, fire: resolve };
        timers.add(timer);
        cancel = () => timers.delete(timer);
      });
      return { passed, cancel };
    },

    async advance(seconds: number): Promise<void> {
      const until = clock.now() + seconds * 1000;
      await settled();
      for (let due = earliest(); due !== undefined && due.at <= until; due = earliest()) {
        moveTo(due.at);
        timers.delete(due);
        due.fire();
        await settled();
      }
      moveTo(until);
    },

    /** Moves from timer to timer until something is so. Throws when nothing is left that could happen. */
    async until(isSo: () => boolean): Promise<void> {
      await settled();
      while (!isSo()) {
        const due = earliest();
        if (due === undefined) throw new Error('nothing more happens');
        moveTo(due.at);
        timers.delete(due);
        due.fire();
        await settled();
      }
    },
  };
};

export type VirtualTime = ReturnType<typeof virtualTime>;
