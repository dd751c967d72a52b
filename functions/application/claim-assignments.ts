import { type Agent, freeUnits, isCapable } from '#domain/agent/agent';
import { takeWork } from '#domain/agent/agent-change';
import type { Assignment } from '#domain/assignment/assignment';
import { claim } from '#domain/assignment/lease';
import type { Checkpoint } from '#domain/checkpoint/checkpoint';
import { workFrom } from '#domain/checkpoint/work-from';
import { ConcurrentUpdate } from '#domain/errors';
import { startClock } from '#domain/session/live';
import type { Session, SessionInput } from '#domain/session/session';
import { agentWrites } from './change-writes.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';

/** Work that was granted, with all an agent needs to begin. */
export interface Granted {
  readonly assignment: Assignment;
  readonly session: Session;
  readonly input: SessionInput;
  /** Where the work goes on; undefined when it begins anew. */
  readonly checkpoint: Checkpoint | undefined;
}

export interface ClaimInput {
  readonly agentId: string;
  readonly maxAssignments: number;
  readonly leaseSeconds: number;
  /** Remembers the ids of one grant; a claim with an idempotency key grants one assignment per key. */
  readonly remember?: ((granted: Granted) => IdempotencyRecord) | undefined;
}

export interface Claimed {
  readonly granted: readonly Granted[];
  /** Whether more work waits that this agent could not take. */
  readonly moreWaits: boolean;
  /** Why nothing was granted although the agent asked. */
  readonly reason?: string | undefined;
}

const LOOKED_AT = 25;

/** Grants waiting work in the order of the dispatch queue, never more than the agent has free units. */
export const makeClaimAssignments = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const grant = async (agent: Agent, pending: Assignment, { leaseSeconds, remember }: ClaimInput): Promise<Granted> => {
    const now = clock.now();
    const [session, input, live] = await Promise.all([
      store.getSession(pending.sessionId),
      store.findInput(pending.sessionId),
      store.findLive(pending.sessionId),
    ]);
    // the session moved on between the index and this read
    if (live?.assignmentId !== pending.id || input === undefined) throw new ConcurrentUpdate('session-live');
    const from = workFrom(session);
    const working = { ...startClock(live, session.maxDurationSeconds, now), agentId: agent.id };
    const deadlineAt = working.deadlineAt as string;
    const granted: Granted = {
      assignment: claim(pending, { agentId: agent.id, leaseSeconds, deadlineAt, now }),
      session,
      input,
      checkpoint: from && (await store.findCheckpoint(session.id, from.sequence)),
    };
    const work = { id: pending.id, sessionId: session.id, fencingToken: granted.assignment.fencingToken };
    const record = remember?.(granted);
    await store.commit([
      { kind: 'assignment', before: pending, after: granted.assignment },
      { kind: 'session-live', before: live, after: working },
      ...agentWrites(takeWork(agent, work, new Date(now).toISOString()), ids),
      ...(record ? [{ kind: 'idempotency', record } as const] : []),
    ]);
    return granted;
  };

  /** Another agent may be faster: then the next one in the queue is tried. */
  const tryGrant = (agent: Agent, pending: Assignment, input: ClaimInput): Promise<Granted | undefined> =>
    grant(agent, pending, input).catch((error: unknown) => {
      if (error instanceof ConcurrentUpdate && error.what !== 'idempotency') return undefined;
      throw error;
    });

  /** The next piece of work that fits the agent as it is now; undefined when it has no free unit or this one is not for it. */
  const grantIfFits = async (pending: Assignment, input: ClaimInput): Promise<Granted | undefined> => {
    const agent = await store.getAgent(input.agentId);
    const fits = freeUnits(agent) > 0 && isCapable(agent, pending.requiredCapabilities);
    return fits ? tryGrant(agent, pending, input) : undefined;
  };

  return async (input: ClaimInput): Promise<Claimed> => {
    const agent = await store.getAgent(input.agentId);
    const wanted = Math.min(input.maxAssignments, freeUnits(agent));
    if (wanted === 0)
      return { granted: [], moreWaits: false, reason: agent.status === 'offline' ? 'offline' : 'no_free_unit' };
    const queue = (await store.listPending(LOOKED_AT)).filter(({ state }) => state === 'pending');
    const granted: Granted[] = [];
    for (const pending of queue) {
      if (granted.length === wanted) break;
      const one = await grantIfFits(pending, input);
      if (one) granted.push(one);
    }
    return { granted, moreWaits: queue.length > granted.length };
  };
};
