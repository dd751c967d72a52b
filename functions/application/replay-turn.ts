import { begunTurn, type Replay, type ReplayTurn, withoutItem } from '#domain/evaluation/replay';
import { DEFAULT_QUEUE_TTL_SECONDS } from '#domain/session/patch-session';
import type { Session, SessionInput } from '#domain/session/session';
import { makeCreateSession } from './create-session.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { SessionStore, TenantStore } from './ports/tenant-store.ts';
import type { TrainingState } from './training-writes.ts';

const TITLE_MAX = 200;

/** The session that a sample was made of, if its work can still be done once more. */
export const findSource = async (
  store: SessionStore,
  sessionId: string,
): Promise<{ readonly session: Session; readonly input: SessionInput } | undefined> => {
  const [session, input] = await Promise.all([store.findSession(sessionId), store.findInput(sessionId)]);
  const isThere = session !== undefined && session.deletedAt === undefined;
  return isThere && input?.workspace !== undefined && input.workspace.verify.length > 0
    ? { session, input }
    : undefined;
};

/** Lets one model take its turn at an item: a session like the one before, under the id of the training job. */
export const makeBeginTurn = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const createSession = makeCreateSession({ store, clock, ids });
  return async (state: TrainingState, replay: Replay, turn: ReplayTurn): Promise<void> => {
    const { job } = state;
    const sourceId = replay.items[turn.index]?.sessionId as string;
    const source = await findSource(store, sourceId);
    if (source === undefined) {
      await store.commit([{ kind: 'replay', before: replay, after: withoutItem(replay, turn.index, 'source') }]);
      return;
    }
    const { session, input } = source;
    const ref = (await store.findResult(session.id, session.attempt))?.baseCommit ?? input.workspace?.ref;
    const { title, sessionType, requiredCapabilities, maxDurationSeconds } = session;
    await createSession({
      fields: {
        title: [...`Evaluation of ${job.targetModelName} ${job.modelVersion}: ${title}`].slice(0, TITLE_MAX).join(''),
        sessionType,
        priority: 'deferred',
        tags: ['evaluation', 'no-training'],
        modelIdentifier: replay.models[turn.side],
        requiredCapabilities,
        maxDurationSeconds,
        queueTtlSeconds: DEFAULT_QUEUE_TTL_SECONDS,
        autoRetry: 'never',
        evaluates: { jobId: job.id, attempt: job.attempt },
      },
      input: {
        ...input,
        additionalPrompt: undefined,
        metadata: {},
        ...(input.workspace ? { workspace: { ...input.workspace, ref, push: 'never', resultBranch: undefined } } : {}),
      },
      start: true,
      onQuota: 'queue',
      actor: { kind: 'system', id: job.id },
      // in one transaction with the session, so that no turn is taken twice
      also: ({ id }) => [{ kind: 'replay', before: replay, after: begunTurn(replay, turn, id) }],
    });
  };
};
