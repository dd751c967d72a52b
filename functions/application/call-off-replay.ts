import { closedReplay, openSessions, type Replay } from '#domain/evaluation/replay';
import { isTerminal } from '#domain/session/status';
import { makeCancelSession } from './cancel-session.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

interface Ports {
  readonly store: TenantStore;
  readonly clock: Clock;
  readonly ids: Identifiers;
}

/** Calls off a session of a replay, unless it has ended. */
export const makeCallOffTurn = (ports: Ports) => {
  const cancelSession = makeCancelSession(ports);
  return async (sessionId: string, reason = 'its evaluation needs it no more'): Promise<void> => {
    const session = await ports.store.findSession(sessionId);
    if (session === undefined || isTerminal(session.status)) return;
    await cancelSession({ sessionId, reason, actor: { kind: 'system' } });
  };
};

/**
 * Begins no turn of a replay any more, and calls off what is still under way: in this order, so that none is begun in between.
 * @throws AggregateError when sessions could not be called off, after all were told; the next call tells them again
 */
export const makeCallOffReplay = (ports: Ports) => {
  const { store, clock } = ports;
  const callOff = makeCallOffTurn(ports);

  const close = async ({ jobId, attempt }: Pick<Replay, 'jobId' | 'attempt'>): Promise<Replay | undefined> => {
    const replay = await store.findReplay(jobId, attempt);
    if (replay === undefined || replay.closedAt !== undefined) return replay;
    const closed = closedReplay(replay, isoNow(clock));
    await store.commit([{ kind: 'replay', before: replay, after: closed }]);
    return closed;
  };

  return async (of: Pick<Replay, 'jobId' | 'attempt'>): Promise<void> => {
    const closed = await retryConflict(clock, () => close(of));
    const failures: unknown[] = [];
    for (const sessionId of closed ? openSessions(closed) : [])
      await callOff(sessionId).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} sessions were not called off`);
  };
};
