import { lostExecution } from '#domain/session/outcome';
import { progressMark, recoverSession } from '#domain/session/recover-session';
import { isTerminal } from '#domain/session/status';
import { onTheWay, type Wait } from '#domain/session/wait';
import { warned } from '#domain/session/warning';
import type { StepInput } from './await-slot.ts';
import { sessionWrites } from './change-writes.ts';
import { commitChange } from './commit-change.ts';
import { endSession, readOpenSession } from './end-session.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

/** What became of a session whose driver was said to be lost. */
export type Recovered = 'recovered' | 'orphaned' | 'settled';

export interface RecoverSessionInput extends StepInput {
  /** Where the driver was found lost. A driver that has come to another wait since then is not. */
  readonly lostAt?: Wait | undefined;
}

/**
 * Starts the next run of a session whose driver is lost; its slot, its attempt and an open assignment go on.
 * After three recoveries without a sign of life of an agent the session ends orphaned, with the reason.
 */
export const makeRecoverSession = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const isElsewhere = async ({ sessionId, lostAt }: RecoverSessionInput) =>
    lostAt !== undefined && (await store.findWait(sessionId))?.since !== lostAt.since;

  const decide = async (input: RecoverSessionInput): Promise<Recovered> => {
    const { sessionId, run, lostAt } = input;
    const open = await readOpenSession(store, sessionId);
    const { session, assignment, live } = open;
    if (session.run !== run || session.status === 'pending' || isTerminal(session.status)) return 'settled';
    if (await isElsewhere(input)) return 'settled';
    const now = clock.now();
    const change = recoverSession(session, progressMark(assignment), new Date(now).toISOString());
    if (change === undefined) {
      await endSession({ store, ids }, open, {
        outcome: lostExecution,
        now,
        wakesDriver: lostAt !== undefined,
        mustEnd: true,
      });
      return 'orphaned';
    }
    const wait = onTheWay({ sessionId, run: change.after.run }, now);
    const message = 'the execution that drove the session was lost; a new one goes on with the work';
    const warning = { type: 'recovered', message, at: new Date(now).toISOString() } as const;
    const word = async () =>
      live ? [{ kind: 'session-live', before: live, after: warned(live, warning) } as const] : [];
    const writes = [...sessionWrites(change, ids), { kind: 'wait', wait, seen: lostAt } as const];
    await commitChange(store, { change: writes, beside: [word] }, true);
    return 'recovered';
  };
  return (input: RecoverSessionInput): Promise<Recovered> => retryConflict(clock, () => decide(input));
};
