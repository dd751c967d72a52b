import { workFrom } from '#domain/checkpoint/work-from';
import { DomainError } from '#domain/errors';
import { countedBefore } from '#domain/session/attempt-figures';
import { attemptOf, beginAttempt } from '#domain/session/begin-attempt';
import { backOffLeft, freshLive, laterLive, nextAttempt } from '#domain/session/live';
import { noModel } from '#domain/session/outcome';
import type { Session } from '#domain/session/session';
import { isTerminal, isUnderWay } from '#domain/session/status';
import type { StepInput } from './await-slot.ts';
import { sessionWrites } from './change-writes.ts';
import { drivenSession } from './driven-session.ts';
import { endSession, readOpenSession } from './end-session.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { resolveModel } from './resolve-model.ts';
import { retryConflict } from './retry-conflict.ts';
import { SESSIONS_GATE } from './session-slot.ts';

/**
 * What the machine does next: work on the attempt, wait for the slot again, sleep out the pause before the attempt, show how the
 * session ended, or leave it to a later run.
 */
export type AttemptBegun = 'begun' | 'no_slot' | 'backing_off' | 'ended' | 'superseded';

const MODEL_REFUSALS: ReadonlySet<string> = new Set([
  'MODEL_NOT_FOUND',
  'MODEL_VERSION_NOT_FOUND',
  'MODEL_VERSION_ARCHIVED',
  'MODEL_NOT_SERVABLE',
]);

/**
 * Begin Attempt: a queued session that holds a slot is running from here on; a running one whose last attempt failed
 * begins the next, once its pause is over. An attempt that was begun before goes on, with the model that it began with.
 */
export const makeBeginAttempt = ({
  store,
  clock,
  ids,
  digest,
}: {
  store: TenantStore;
  clock: Clock;
  ids: Identifiers;
  digest: Pick<Digest, 'sha256'>;
}) => {
  const { sha256 } = digest;
  /** What an attempt and the live values note of its model. */
  const modelOf = async (session: Session) => {
    const modelResolution = await resolveModel({ store, sha256 }, session);
    return modelResolution ? { modelResolution } : {};
  };

  const beginNext = async (session: Session): Promise<AttemptBegun> => {
    const live = await store.findLive(session.id);
    if (live === undefined || live.attempt === session.attempt) return 'begun';
    // of a driver that was lost in the pause: the one that follows it is here too early
    if (backOffLeft(live, clock.now()) > 0) return 'backing_off';
    const model = await modelOf(session);
    const fromCheckpoint = workFrom(session)?.sequence;
    const attempt = attemptOf(session, { at: isoNow(clock), automatic: true, fromCheckpoint });
    const after = { ...nextAttempt(live, session.attempt), ...model };
    await store.commit([
      { kind: 'attempt', sessionId: session.id, attempt: { ...attempt, ...model, ...countedBefore(after) } },
      { kind: 'session-live', before: live, after },
    ]);
    return 'begun';
  };

  const beginFirst = async (session: Session): Promise<AttemptBegun> => {
    const model = await modelOf(session);
    const { change, attempt } = beginAttempt(session, isoNow(clock));
    const before = (await store.findLive(session.id)) ?? null;
    const begun = before ? laterLive(before, session.attempt) : freshLive(session.id, session.attempt);
    const after = { ...begun, ...model };
    await store.commit([
      ...sessionWrites(change, ids),
      { kind: 'attempt', sessionId: session.id, attempt: { ...attempt, ...model, ...countedBefore(after) } },
      { kind: 'session-live', before, after },
    ]);
    return 'begun';
  };

  const decide = async ({ sessionId, run }: StepInput): Promise<AttemptBegun> => {
    const session = await drivenSession(store, sessionId);
    if (session.run !== run) return 'superseded';
    if (isTerminal(session.status)) return 'ended';
    if (isUnderWay(session.status)) return beginNext(session);
    if (session.status !== 'queued') return 'superseded';
    return (await store.findHolder(SESSIONS_GATE, sessionId)) ? beginFirst(session) : 'no_slot';
  };

  /** Whoever asked for a model that is not there, or that nobody serves, learns it from the session's end. */
  const endWithoutModel = async (sessionId: string, { code, message }: DomainError): Promise<AttemptBegun> => {
    const open = await readOpenSession(store, sessionId);
    const end = { outcome: noModel(code, message), now: clock.now(), wakesDriver: false };
    await endSession({ store, ids }, open, end);
    return 'ended';
  };

  const decideOrEnd = async (input: StepInput): Promise<AttemptBegun> => {
    try {
      return await decide(input);
    } catch (error) {
      if (error instanceof DomainError && MODEL_REFUSALS.has(error.code))
        return endWithoutModel(input.sessionId, error);
      throw error;
    }
  };
  return (input: StepInput): Promise<AttemptBegun> => retryConflict(clock, () => decideOrEnd(input));
};
