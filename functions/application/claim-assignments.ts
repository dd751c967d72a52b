import type { Agent } from '#domain/agent/agent';
import { takeWork } from '#domain/agent/agent-change';
import { acceptsWork, hasRoom } from '#domain/agent/load';
import { NEW_AGENT_TIER } from '#domain/agent/performance-tier';
import { type PollTimes, pollAfterSeconds } from '#domain/agent/poll';
import type { Assignment } from '#domain/assignment/assignment';
import { claim } from '#domain/assignment/lease';
import { hasKeptUnit } from '#domain/assignment/routed';
import { signsAtGrant, signsOf } from '#domain/assignment/signs';
import type { Checkpoint } from '#domain/checkpoint/checkpoint';
import { workFrom } from '#domain/checkpoint/work-from';
import { ConcurrentUpdate } from '#domain/errors';
import { isKeptForAnother, isRoutedTo, whyNotClaimable } from '#domain/routing/claimable';
import { grantedTo } from '#domain/session/attempt-figures';
import { followSigns } from '#domain/session/degraded';
import { startClock } from '#domain/session/live';
import type { Session, SessionInput } from '#domain/session/session';
import { type AnswerRoom, answerRoom } from './answer-room.ts';
import { agentWrites, remembered, sessionWrites } from './change-writes.ts';
import { drivenSession } from './driven-session.ts';
import { unroute } from './end-assignment.ts';
import { makeHearAgent } from './hear-agent.ts';
import { pendingWorkFor } from './pending-work.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';

/** Work that was granted, with all an agent needs to begin. */
export interface Granted {
  readonly assignment: Assignment;
  readonly session: Session;
  readonly input: SessionInput;
  /** The model to use: what the session's identifier meant when the attempt began. */
  readonly modelIdentifier: string | undefined;
  /** The commit that an attempt before this one worked from, if there was one. */
  readonly baseCommit: string | undefined;
  /** Where the work goes on; undefined when it begins anew. */
  readonly checkpoint: Checkpoint | undefined;
}

export interface ClaimInput {
  readonly agentId: string;
  readonly maxAssignments: number;
  readonly leaseSeconds: number;
  readonly poll: PollTimes;
  /** Remembers the ids of one grant; a claim with an idempotency key grants one assignment per key. */
  readonly remember?: ((granted: Granted) => IdempotencyRecord) | undefined;
  /** How many bytes of the answer a grant takes; without it the answer is as long as it gets. */
  readonly sizeOf?: ((granted: Granted) => number) | undefined;
}

export interface Claimed {
  readonly granted: readonly Granted[];
  /** Whether more work waits that this agent could not take. */
  readonly moreWaits: boolean;
  /** When the agent asks again: soon while it got some or some waits that it could not take. */
  readonly pollAfterSeconds: number;
  /** Why nothing was granted although the agent asked. */
  readonly reason?: string | undefined;
}

type Room = AnswerRoom<Granted>;

/** Why an agent gets nothing, whatever waits; undefined when it may have work. */
const refusal = (agent: Agent): string | undefined => {
  if (agent.status === 'forgotten') return 'offline';
  if (!acceptsWork(agent.status)) return agent.status === 'busy' ? 'no_free_unit' : agent.status;
  return agent.routed > 0 || hasRoom({ ...agent, tier: NEW_AGENT_TIER }) ? undefined : 'no_free_unit';
};

const mayClaim = (agent: Agent, pending: Assignment, now: number): boolean =>
  !isKeptForAnother(pending, agent.id, now) && whyNotClaimable(agent, pending, now) === undefined;

/** What a grant is made of. */
const readFor = async (store: TenantStore, { id, sessionId }: Assignment) => {
  const [session, asked, live] = await Promise.all([
    drivenSession(store, sessionId),
    store.findInput(sessionId),
    store.findLive(sessionId),
  ]);
  // the session moved on between the index and this read
  if (live?.assignmentId !== id || asked === undefined) throw new ConcurrentUpdate('session-live');
  return { session, asked, live };
};

/**
 * Grants waiting work: first what is routed to the agent, then the rest of the dispatch queue in its order, never more
 * than the agent has free units, and nothing that is kept for another agent.
 */
export const makeClaimAssignments = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const hear = makeHearAgent({ store, clock, ids });

  const grant = async (
    agent: Agent,
    pending: Assignment,
    input: ClaimInput,
    room: Room,
  ): Promise<Granted | undefined> => {
    const { leaseSeconds, remember } = input;
    const now = clock.now();
    const { session, asked, live } = await readFor(store, pending);
    const from = workFrom(session);
    const working = grantedTo(startClock(live, session.maxDurationSeconds, now), agent.id);
    const deadlineAt = working.deadlineAt as string;
    const granted: Granted = {
      assignment: signsAtGrant(claim(pending, { agentId: agent.id, leaseSeconds, deadlineAt, now }), agent),
      session,
      input: asked,
      modelIdentifier: live.modelResolution?.modelIdentifier ?? session.modelIdentifier,
      baseCommit: live.baseCommit,
      checkpoint: from && (await store.findCheckpoint(session.id, from.sequence)),
    };
    if (!room.fits(granted)) return undefined;
    const work = { id: pending.id, sessionId: session.id, fencingToken: granted.assignment.fencingToken };
    const isOwn = isRoutedTo(pending, agent.id);
    const freesUnit = !isOwn && hasKeptUnit(pending);
    const moved = followSigns(session, signsOf(granted.assignment), now);
    await store.commit([
      { kind: 'assignment', before: pending, after: granted.assignment },
      { kind: 'session-live', before: live, after: working },
      ...agentWrites(takeWork(agent, work, new Date(now).toISOString(), { isRouted: isOwn, freesUnit }), ids),
      ...(isOwn ? [] : await unroute({ store, ids }, pending)),
      ...(moved ? sessionWrites(moved, ids) : []),
      ...remembered(remember?.(granted)),
    ]);
    return granted;
  };

  /** Another agent may be faster, or this one may have changed: then the next in the queue is tried. */
  const tryGrant = async (input: ClaimInput, pending: Assignment, room: Room): Promise<Granted | undefined> => {
    try {
      const agent = await store.getAgent(input.agentId);
      return mayClaim(agent, pending, clock.now()) ? await grant(agent, pending, input, room) : undefined;
    } catch (error) {
      if (error instanceof ConcurrentUpdate && error.what !== 'idempotency') return undefined;
      throw error;
    }
  };

  const claimUpTo = async (input: ClaimInput): Promise<Omit<Claimed, 'pollAfterSeconds'>> => {
    let agent = await hear(input.agentId, { asksForWork: true });
    const reason = refusal(agent);
    if (reason !== undefined) return { granted: [], moreWaits: false, reason };
    const granted: Granted[] = [];
    const room = answerRoom(input.sizeOf);
    let moreWaits = false;
    for await (const pending of pendingWorkFor(store, agent)) {
      const isDone = granted.length === input.maxAssignments || room.isFull || refusal(agent) !== undefined;
      if (isDone) return { granted, moreWaits: true };
      const one = mayClaim(agent, pending, clock.now()) ? await tryGrant(input, pending, room) : undefined;
      if (one === undefined) moreWaits = true;
      else {
        room.take(one);
        granted.push(one);
        agent = await store.getAgent(agent.id);
      }
    }
    return { granted, moreWaits };
  };

  return async (input: ClaimInput): Promise<Claimed> => {
    const claimed = await claimUpTo(input);
    return { ...claimed, pollAfterSeconds: pollAfterSeconds(input.poll, claimed) };
  };
};
