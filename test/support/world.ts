import type { Item, ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeAwaitAgent } from '#application/await-agent';
import { makeAwaitSlot } from '#application/await-slot';
import { makeBeginAttempt } from '#application/begin-attempt';
import { makeCancelSession } from '#application/cancel-session';
import { type ClaimInput, type Granted, makeClaimAssignments } from '#application/claim-assignments';
import type { CounterDrift } from '#application/counter-drift';
import { type CreateSessionInput, makeCreateSession } from '#application/create-session';
import { makeDeleteSession } from '#application/delete-session';
import { makeExtendLease } from '#application/extend-lease';
import { makeJudgeOutcome } from '#application/judge-outcome';
import { makePlaceWork } from '#application/place-work';
import type { TaskTokens } from '#application/ports/executions';
import type { Identifiers } from '#application/ports/identifiers';
import type { TenantStore } from '#application/ports/tenant-store';
import { makeGetOwnAssignment, makeListOwnAssignments } from '#application/read-own-assignments';
import { type Heartbeat, type HeartbeatInput, makeRecordHeartbeat } from '#application/record-heartbeat';
import { makeRecordOutcome } from '#application/record-outcome';
import { makeRecoverSession } from '#application/recover-session';
import { makeRegisterAgent } from '#application/register-agent';
import { makeReleaseAssignment } from '#application/release-assignment';
import { makeReportEvents } from '#application/report-events';
import { makeRetrySession } from '#application/retry-session';
import { makeScheduleRetry } from '#application/schedule-retry';
import { SESSIONS_GATE } from '#application/session-slot';
import { makeStartSession } from '#application/start-session';
import { makeSubmitResult, type SubmitResultInput } from '#application/submit-result';
import { makeSweepAgents } from '#application/sweep-agents';
import { makeSweepErasures } from '#application/sweep-erasures';
import { makeSweepGates } from '#application/sweep-gates';
import { makeSweepLeases } from '#application/sweep-leases';
import { makeSweepWaits } from '#application/sweep-waits';
import { makeSweepWork } from '#application/sweep-work';
import { makeUpdateSession } from '#application/update-session';
import { makeWakeSession } from '#application/wake-session';
import type { Agent } from '#domain/agent/agent';
import type { Registration } from '#domain/agent/register';
import { RateLimited } from '#domain/errors';
import type { Actor, EventInternals } from '#domain/event';
import { emptyGate } from '#domain/gate/gate';
import type { Session, SessionInput } from '#domain/session/session';
import { aSessionInput, NOON } from './a-session.ts';
import { aResult } from './a-work-item.ts';
import { aRegistration } from './an-agent.ts';
import { objectsInMemory } from './objects-in-memory.ts';
import { aClock, countedIdentifiers, entities, fixedSecrets, interrupted, recordingTokens } from './ports-in-memory.ts';

export const LEASE_SECONDS = 30;
export const POLL = { busySeconds: 2, idleSeconds: 5 };
export const person: Actor & { readonly id: string } = { kind: 'user', id: 'USER' };

interface Shared {
  readonly engine: ItemEngine;
  readonly clock: ReturnType<typeof aClock>;
  readonly ids: Identifiers;
  readonly tokens: TaskTokens;
  readonly objects: ReturnType<typeof objectsInMemory>;
  /** Counters that were found wrong. */
  readonly drifts: CounterDrift[];
}

/** Heartbeats of an agent that waits when it is told to: so much time passes that the next one is accepted. */
const patientHeartbeats =
  ({ clock, ...ports }: { store: TenantStore; clock: Shared['clock']; ids: Identifiers }) =>
  (input: HeartbeatInput): Promise<Heartbeat> => {
    const record = makeRecordHeartbeat({ clock, ...ports });
    return record(input).catch((error: unknown) => {
      if (!(error instanceof RateLimited)) throw error;
      clock.advance(error.extras.retry_after_seconds);
      return record(input);
    });
  };

const useCases = (store: TenantStore, { engine, clock, ids, tokens, objects, drifts }: Shared) => {
  const ports = { store, clock, ids };
  const storeOf = (tenantId: string) => makeTenantStore(engine, tenantId, objects.of(tenantId));
  const report = (drift: CounterDrift) => drifts.push(drift);
  const sweeping = { due: makeDueWork(engine), storeOf, clock, ids, report };
  return {
    createSession: makeCreateSession(ports),
    startSession: makeStartSession(ports),
    retrySession: makeRetrySession(ports),
    cancelSession: makeCancelSession(ports),
    updateSession: makeUpdateSession(ports),
    deleteSession: makeDeleteSession(ports),
    awaitSlot: makeAwaitSlot({ store, tokens, clock }),
    beginAttempt: makeBeginAttempt({ ...ports, digest: nodeDigest }),
    awaitAgent: makeAwaitAgent({ ...ports, tokens }),
    judgeOutcome: makeJudgeOutcome({ store }),
    recordOutcome: makeRecordOutcome(ports),
    wakeSession: makeWakeSession({ store, tokens, clock }),
    recoverSession: makeRecoverSession(ports),
    scheduleRetry: makeScheduleRetry({ ...ports, chance: () => 0.5 }),
    registerAgent: makeRegisterAgent({ ...ports, digest: nodeDigest, secrets: fixedSecrets }),
    recordHeartbeat: patientHeartbeats(ports),
    claimAssignments: makeClaimAssignments(ports),
    reportEvents: makeReportEvents({ ...ports, digest: nodeDigest }),
    extendLease: makeExtendLease(ports),
    releaseAssignment: makeReleaseAssignment({ ...ports, digest: nodeDigest }),
    getOwnAssignment: makeGetOwnAssignment(ports),
    listOwnAssignments: makeListOwnAssignments(ports),
    submitResult: makeSubmitResult(ports),
    sweepLeases: makeSweepLeases(sweeping),
    sweepWaits: makeSweepWaits(sweeping),
    sweepAgents: makeSweepAgents(sweeping),
    sweepErasures: makeSweepErasures({ ...sweeping, objectsOf: objects.of }),
    sweepWork: makeSweepWork(sweeping),
    sweepGates: makeSweepGates(sweeping),
    placeWork: makePlaceWork(ports),
  };
};

export type NewWork = Partial<CreateSessionInput['fields']> &
  Partial<Pick<CreateSessionInput, 'start' | 'onQuota' | 'parentId' | 'remember'>> & {
    readonly input?: Partial<SessionInput>;
  };

/** One tenant of a world: its use cases, and the few steps that most tests begin with. */
const aTenantIn = (shared: Shared, tenantId: string) => {
  const store = makeTenantStore(shared.engine, tenantId, shared.objects.of(tenantId));
  const does = useCases(store, shared);

  const create = ({ start = false, onQuota = 'queue', parentId, remember, input, ...fields }: NewWork = {}) =>
    does.createSession({
      fields: {
        title: 'Say hello',
        sessionType: 'execution',
        priority: 'medium',
        tags: [],
        requiredCapabilities: [],
        maxDurationSeconds: 3600,
        queueTtlSeconds: 86_400,
        autoRetry: 'transient',
        ...fields,
      },
      input: aSessionInput(input),
      parentId,
      start,
      onQuota,
      actor: person,
      remember,
    });

  /** A session in status running whose work waits in the dispatch queue under the token `agent-<session>`. */
  const running = async (work: NewWork = {}): Promise<Session> => {
    const { id, run } = await create({ ...work, start: true });
    await does.beginAttempt({ sessionId: id, run });
    await does.awaitAgent({ sessionId: id, run, taskToken: `agent-${id}` });
    return store.getSession(id);
  };

  /** A registered agent that has said it is well. */
  const agent = async (fields: Partial<Registration> = {}): Promise<Agent> => {
    const by = { id: 'KEY', isLead: false };
    const { agent: registered } = await does.registerAgent({
      registration: aRegistration(fields),
      replace: false,
      by,
    });
    await does.recordHeartbeat({ agentId: registered.id, status: 'healthy', currentLoad: 0, leases: [] });
    return store.getAgent(registered.id);
  };

  const claim = (agentId: string, fields: Partial<ClaimInput> = {}) =>
    does.claimAssignments({ agentId, maxAssignments: 1, leaseSeconds: LEASE_SECONDS, poll: POLL, ...fields });

  /** A running session on which an agent works: the one it was routed to, else a new one. */
  const working = async (
    work: NewWork = {},
    how: Partial<ClaimInput> = {},
  ): Promise<{ session: Session; granted: Granted; agent: Agent }> => {
    const session = await running(work);
    const routed = (await store.listPending(100)).find(({ sessionId }) => sessionId === session.id)?.routedAgentId;
    const worker = routed ? await store.getAgent(routed) : await agent({ name: `RUNNER-${session.id}` });
    const { granted } = await claim(worker.id, how);
    if (granted[0] === undefined) throw new Error('nothing was granted');
    return { session, granted: granted[0], agent: worker };
  };

  const submit = ({ assignment }: Pick<Granted, 'assignment'>, fields: Partial<SubmitResultInput> = {}) =>
    does.submitResult({
      agentId: assignment.agentId ?? '',
      assignmentId: assignment.id,
      fencingToken: assignment.fencingToken,
      taskId: assignment.id,
      result: aResult(),
      digest: 'digest of the result',
      ...fields,
    });

  const eventsOf = async (sessionId: string) =>
    (await store.listEvents(sessionId, { afterSeq: 0, limit: 100 })).items.map(({ type, payload }) => ({
      type,
      payload,
    }));

  return { store, ...does, create, running, agent, claim, working, submit, eventsOf };
};

export type TenantInWorld = ReturnType<typeof aTenantIn>;

export interface WorldOptions {
  /** How many sessions may run at once. */
  readonly limit?: number;
  readonly maxWaiting?: number;
}

/** A tenant `A` and its use cases on a given engine. */
export const aWorldOn = async <Engine extends ItemEngine, Tokens extends TaskTokens>(
  engine: Engine,
  tokens: Tokens,
  { limit = 10, maxWaiting = 100 }: WorldOptions = {},
) => {
  const [clock, ids, objects] = [aClock(), countedIdentifiers(), objectsInMemory()];
  const drifts: CounterDrift[] = [];
  const shared = { engine, clock, ids, tokens, objects, drifts };

  const addTenant = async (id: string): Promise<TenantInWorld> => {
    const tenant = aTenantIn(shared, id);
    const fields = {
      id,
      name: id,
      slug: id,
      status: 'active',
      version: 1,
      createdAt: NOON,
      createdBy: 'ADMIN',
    } as const;
    await tenant.store.commit([
      { kind: 'tenant', before: null, after: { ...fields, revision: 0 } },
      { kind: 'gate', before: null, after: { ...emptyGate(SESSIONS_GATE, limit, maxWaiting), dueAt: NOON } },
    ]);
    return tenant;
  };

  return { ...(await addTenant('A')), ...shared, addTenant };
};

export type WorldOn = Awaited<ReturnType<typeof aWorldOn<ItemEngine, TaskTokens>>>;

/** A tenant `A`, its use cases on a table in memory, and everything around them that a test moves or looks at. */
export const aWorld = async (options: WorldOptions = {}) => {
  const memory = makeMemoryEngine();
  return {
    ...(await aWorldOn(interrupted(memory), recordingTokens(), options)),
    items: (entity: string): Item[] => entities(memory.items(), entity),
    /** Everything stored, to show that nothing has changed. */
    everything: () => structuredClone(memory.items()),
    gate: () => makeTenantStore(memory, 'A').findGate(SESSIONS_GATE),
    holders: () => entities(memory.items(), 'holder').map(({ owner }) => owner),
    waiters: () => entities(memory.items(), 'waiter').map(({ owner }) => owner),
    /** The unpublished parts of the committed events, newest last. */
    internals: (): EventInternals[] =>
      entities(memory.items(), 'event').flatMap((event) => (event['internal'] as EventInternals | undefined) ?? []),
  };
};

export type World = Awaited<ReturnType<typeof aWorld>>;
