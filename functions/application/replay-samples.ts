import { ConcurrentUpdate, QuotaExceeded } from '#domain/errors';
import {
  heardReplay,
  isReplayOver,
  isToStop,
  needlessSessions,
  newReplay,
  nextTurn,
  openSessions,
  type Replay,
} from '#domain/evaluation/replay';
import { sameJson } from '#domain/same-json';
import type { Session } from '#domain/session/session';
import { isTerminal } from '#domain/session/status';
import { makeCallOffTurn } from './call-off-replay.ts';
import type { EvalItem } from './eval-items.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { findSource, makeBeginTurn } from './replay-turn.ts';
import type { TrainingState } from './training-writes.ts';

const STOPPED = 'in an evaluation it may neither wait for a person nor cost more than gate.replay_max_cost_usd';

interface Ports {
  readonly store: TenantStore;
  readonly clock: Clock;
  readonly ids: Identifiers;
}

export interface NewReplayInput {
  readonly models: Replay['models'];
  readonly items: readonly EvalItem[];
}

/**
 * Has held-out work done once more by both models, as real sessions of the tenant: from the same commit, judged by the same
 * commands, pushed nowhere, and never learned from.
 */
export const makeReplaySamples = ({ store, clock, ids }: Ports) => {
  const beginTurn = makeBeginTurn({ store, clock, ids });
  const callOff = makeCallOffTurn({ store, clock, ids });

  const chooseSources = async (items: readonly EvalItem[], most: number): Promise<readonly string[]> => {
    const chosen: string[] = [];
    const trees = new Set<string>();
    for (const { sessionId, rootSessionId, replayable } of items) {
      if (chosen.length >= most) break;
      if (!replayable || trees.has(rootSessionId) || (await findSource(store, sessionId)) === undefined) continue;
      trees.add(rootSessionId);
      chosen.push(sessionId);
    }
    return chosen;
  };

  const resultOf = async ({ id, attempt, status }: Session) =>
    isTerminal(status) ? store.findResult(id, attempt) : undefined;

  const hear = async (replay: Replay): Promise<Replay> => {
    const open = openSessions(replay);
    const [found, lives] = await Promise.all([store.findSessions(open), store.findLives(open)]);
    const costOf = (sessionId: string) => lives.get(sessionId)?.usage.costUsd ?? 0;
    const known = found.map(async (session) => {
      const result = await resultOf(session);
      return [session.id, { ...session, costUsd: costOf(session.id), result }] as const;
    });
    const sessions = new Map(await Promise.all(known));
    const heard = heardReplay(replay, sessions, clock.now());
    for (const sessionId of needlessSessions(heard)) await callOff(sessionId);
    for (const session of sessions.values()) if (isToStop(session, replay)) await callOff(session.id, STOPPED);
    if (sameJson(heard, replay)) return replay;
    await store.commit([{ kind: 'replay', before: replay, after: heard }]);
    return { ...heard, revision: replay.revision + 1 };
  };

  /** Takes as many turns as may be open. */
  const takeTurns = async (state: TrainingState, replay: Replay): Promise<Replay> => {
    for (let known = replay; ; ) {
      const turn = nextTurn(known, clock.now());
      if (turn === undefined) return known;
      await beginTurn(state, known, turn);
      known = (await store.findReplay(known.jobId, known.attempt)) ?? known;
    }
  };

  return {
    /** Begins a replay; undefined when there is nothing that could be done once more. */
    begin: async (state: TrainingState, { models, items }: NewReplayInput): Promise<Replay | undefined> => {
      const { job, input, live } = state;
      const { gate } = input;
      const sources = await chooseSources(items, gate.replayItems);
      if (sources.length === 0 || job.datasetId === undefined) return undefined;
      const { filters } = await store.getDataset(job.datasetId);
      const fields = { jobId: job.id, attempt: job.attempt, models, startedAt: isoNow(clock) };
      const limits = { minSuccessRate: filters.minSuccessRate, maxCostUsd: gate.replayMaxCostUsd };
      const replay = newReplay({ ...fields, ...limits }, sources);
      await store.commit([
        { kind: 'replay', before: null, after: replay },
        // whoever ends the job moves this, too: a replay that begins afterwards would be nobody's
        { kind: 'training-live', before: live, after: live },
      ]);
      return store.findReplay(job.id, job.attempt);
    },

    /** Hears how the open sessions stand and begins what may be begun. True once nothing is left to do. */
    advance: async (state: TrainingState, replay: Replay): Promise<Replay> => {
      try {
        return await takeTurns(state, await hear(replay));
      } catch (error) {
        // the tenant's queue is full, or somebody else has just looked: the next look goes on
        if (error instanceof QuotaExceeded || error instanceof ConcurrentUpdate) return replay;
        throw error;
      }
    },

    isOver: isReplayOver,
  };
};
