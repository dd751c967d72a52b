import { describe, expect, it } from 'vitest';
import { makeCreateArtifact } from '#application/create-artifact';
import { makeReadResult } from '#application/read-result';
import { readSession, viewSession } from '#application/session-view';
import type { HeartbeatStatus } from '#domain/agent/heartbeat';
import type { WorkEvent } from '#domain/assignment/work-event';
import { NOON } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';
import { aWorld, LEASE_SECONDS, type NewWork, person, type World } from '#test/support/world';

const status = (eventSeq: number, word: 'healthy' | 'degraded', reason?: string): WorkEvent => ({
  type: 'status',
  eventSeq,
  timestamp: NOON,
  status: word,
  reason,
});
const checkpoint = (eventSeq: number): WorkEvent => ({
  type: 'checkpoint',
  eventSeq,
  timestamp: NOON,
  data: { step: eventSeq },
  trigger: 'periodic',
});

const statusesOf = async (store: World['store'], ids: readonly string[]) =>
  (await store.findSessions(ids)).map((session) => session.status);

const aWorker = async (work: NewWork = {}, leaseSeconds = LEASE_SECONDS) => {
  const world = await aWorld();
  const { session, granted, agent } = await world.working(work, { leaseSeconds });
  const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
  const grant = { assignmentId, agentId, fencingToken };
  const statuses = async () =>
    (await world.eventsOf(session.id))
      .filter(({ type }) => type === 'session.status_changed')
      .map(({ payload }) => payload['new_status'])
      .slice(2);
  return {
    ...world,
    session,
    granted,
    worker: agent,
    grant,
    statuses,
    createArtifact: makeCreateArtifact(world),
    beat: (word: HeartbeatStatus, agent = agentId, leases: readonly (typeof grant)[] = []) =>
      world.recordHeartbeat({ agentId: agent, status: word, currentLoad: 0, leases }),
    report: (...events: WorkEvent[]) => world.reportEvents({ ...grant, events }),
    look: () => world.store.getSession(session.id),
    view: async () => viewSession(await readSession(world.store, session.id), world.clock.now()),
  };
};

describe('an agent that reports that it is degraded', () => {
  it('makes its session degraded, with its own words, until it reports that it is well', async () => {
    const { report, look, statuses, holders, session } = await aWorker();
    await report(status(1, 'degraded', 'the model is slow'));
    expect(await look()).toMatchObject({
      status: 'degraded',
      statusReason: 'agent_degraded',
      statusDetail: 'the model is slow',
    });
    expect(holders()).toEqual([session.id]);
    await report(status(2, 'healthy'));
    expect(await look()).toMatchObject({ status: 'running' });
    expect(await statuses()).toEqual(['degraded', 'running']);
  });

  it('and well 20 times in 10 s makes one pair of events; what it says last counts 30 s later', async () => {
    const { report, extendLease, grant, clock, statuses, look } = await aWorker();
    for (let flap = 1; flap <= 20; flap++) {
      await report(status(flap, flap % 2 === 0 ? 'healthy' : 'degraded'));
      clock.advance(0.5);
    }
    await report(status(21, 'degraded'));
    expect(await statuses()).toEqual(['degraded', 'running']);
    clock.advance(15);
    await extendLease(grant);
    expect(await look()).toMatchObject({ status: 'running' });
    clock.advance(15);
    await extendLease(grant);
    expect(await look()).toMatchObject({ status: 'degraded' });
    expect(await statuses()).toEqual(['degraded', 'running', 'degraded']);
  });

  it('in a batch with a checkpoint records both in one transaction', async () => {
    const { report, look } = await aWorker();
    const { version } = await look();
    await report(checkpoint(1), status(2, 'degraded'));
    expect(await look()).toMatchObject({
      status: 'degraded',
      version: version + 2,
      latestCheckpoint: { sequence: 1 },
    });
  });

  it('moves nothing when somebody ends the session at the same moment', async () => {
    const { report, look, cancelSession, session, engine } = await aWorker();
    engine.before('session', () => cancelSession({ sessionId: session.id, actor: person }));
    await report(status(1, 'degraded'));
    expect(await look()).toMatchObject({ status: 'cancelled' });
  });

  it('shows so, and what may be done is as if it were running', async () => {
    const { report, view, clock } = await aWorker();
    await report(status(1, 'degraded'));
    clock.advance(LEASE_SECONDS / 2);
    expect(await view()).toMatchObject({
      status: 'degraded',
      statusReason: 'agent_degraded',
      healthScore: 0.7,
      activity: 'working',
      activeSeconds: LEASE_SECONDS / 2,
      allowedOperations: ['update_session', 'cancel_session', 'add_session_checkpoint'],
    });
  });

  it('gives its work back, and with it its trouble', async () => {
    const { report, look, releaseAssignment, grant, statuses } = await aWorker();
    await report(status(1, 'degraded'));
    await releaseAssignment({ ...grant, checkpoint: { data: {}, trigger: 'before_stop' } });
    expect(await look()).toMatchObject({ status: 'running', latestCheckpoint: { sequence: 1 } });
    expect(await statuses()).toEqual(['degraded', 'running']);
  });

  it('gives its work back without a checkpoint, too', async () => {
    const { report, look, releaseAssignment, grant } = await aWorker();
    await report(status(1, 'degraded'));
    await releaseAssignment(grant);
    expect(await look()).toMatchObject({ status: 'running' });
  });
});

describe('an agent that says by heartbeat that it is degraded', () => {
  it('makes all sessions that it works on degraded until it says that it is well, whether it names them or not', async () => {
    const { working, running, claim, beat, store, holders } = await aWorker();
    const { session, agent } = await working();
    expect(await statusesOf(store, [session.id])).toEqual(['running']);
    await running();
    await claim(agent.id);
    const all = holders() as string[];
    await beat('degraded', agent.id);
    expect((await statusesOf(store, all)).sort()).toEqual(['degraded', 'degraded', 'running']);
    await beat('healthy', agent.id);
    expect(await statusesOf(store, all)).toEqual(['running', 'running', 'running']);
  });

  it('says no more by being busy, or offline', async () => {
    const { beat, look } = await aWorker();
    await beat('degraded');
    await beat('busy');
    await beat('offline');
    expect(await look()).toMatchObject({ status: 'degraded' });
    await beat('healthy');
    expect(await look()).toMatchObject({ status: 'running' });
  });

  it('makes one pair of events when it takes it back and says it again within 30 s', async () => {
    const { beat, clock, look, statuses } = await aWorker({}, 120);
    await beat('degraded');
    await beat('healthy');
    await beat('degraded');
    expect(await statuses()).toEqual(['degraded', 'running']);
    clock.advance(30);
    await beat('degraded');
    expect(await look()).toMatchObject({ status: 'degraded', statusReason: 'agent_degraded' });
  });

  it('gets work that is degraded from the start', async () => {
    const { beat, worker, submit, granted, claim, running, store } = await aWorker();
    await submit(granted);
    await beat('degraded');
    const { id } = await running();
    await claim(worker.id);
    expect(await store.getSession(id)).toMatchObject({ status: 'degraded', statusReason: 'agent_degraded' });
  });

  it('and is well again by the heartbeat that names the lease, or by its next call about the work', async () => {
    const { report, beat, grant, look, extendLease, clock } = await aWorker();
    await report(status(1, 'degraded'));
    await beat('healthy', grant.agentId, [grant]);
    expect(await look()).toMatchObject({ status: 'running' });
    clock.advance(20);
    await extendLease(grant);
    clock.advance(10);
    await report(status(2, 'degraded'));
    expect(await look()).toMatchObject({ status: 'degraded' });
    clock.advance(1);
    await beat('healthy');
    await extendLease(grant);
    expect(await look()).toMatchObject({ status: 'running' });
  });
});

describe('an agent that gives no sign of life for 90 s while its lease is valid', () => {
  const silent = async (leaseSeconds = 900) => {
    const world = await aWorker({}, leaseSeconds);
    world.clock.advance(89.999);
    await world.sweepAgents();
    expect(await world.look()).toMatchObject({ status: 'running' });
    world.clock.advance(0.001);
    await world.sweepAgents();
    return world;
  };

  it('makes its session degraded; twice swept, once', async () => {
    const { look, statuses, sweepAgents, clock, store, grant } = await silent();
    expect(await look()).toMatchObject({ status: 'degraded', statusReason: 'agent_unresponsive' });
    expect(await store.getAgent(grant.agentId)).toMatchObject({ status: 'offline', reserved: 1 });
    clock.advance(210);
    await sweepAgents();
    expect(await store.getAgent(grant.agentId)).toMatchObject({ status: 'forgotten' });
    expect(await statuses()).toEqual(['degraded']);
  });

  it.each(['extend', 'report', 'heartbeat', 'claim', 'artifact'] as const)(
    'and its next accepted call, %s, ends that',
    async (call) => {
      const { look, extendLease, report, beat, claim, grant, statuses, createArtifact } = await silent();
      const announced = { path: 'a.txt', sizeBytes: 1, mimeType: 'text/plain', sha256: 'a'.repeat(64) };
      const calls = {
        extend: () => extendLease(grant),
        report: () => report(status(1, 'healthy')),
        heartbeat: () => beat('busy'),
        claim: () => claim(grant.agentId),
        artifact: () => createArtifact({ ...grant, announced }),
      };
      await calls[call]();
      expect(await look()).toMatchObject({ status: 'running' });
      expect(await statuses()).toEqual(['degraded', 'running']);
    },
  );

  it('is missed even after it said that it goes offline', async () => {
    const { beat, clock, sweepAgents, look } = await aWorker({}, 900);
    await beat('offline');
    clock.advance(90);
    await sweepAgents();
    expect(await look()).toMatchObject({ status: 'degraded', statusReason: 'agent_unresponsive' });
  });

  it('and again later is found again within a minute, without any heartbeat', async () => {
    const { extendLease, grant, clock, sweepAgents, look } = await silent();
    await extendLease(grant);
    for (let minute = 0; minute < 2; minute++) {
      clock.advance(60);
      await sweepAgents();
    }
    expect(await look()).toMatchObject({ status: 'degraded', statusReason: 'agent_unresponsive' });
  });

  it('is not missed when it calls at the same moment', async () => {
    const { clock, engine, extendLease, grant, sweepAgents, look, statuses } = await aWorker({}, 900);
    clock.advance(90);
    engine.before('assignment', () => extendLease(grant));
    await sweepAgents();
    expect(await look()).toMatchObject({ status: 'running' });
    expect(await statuses()).toEqual([]);
  });

  it('is not missed while it does nothing but report, however long its lease', async () => {
    const { clock, extendLease, grant, sweepAgents, look, store } = await aWorker({}, 900);
    for (let call = 0; call < 20; call++) {
      clock.advance(40);
      await extendLease(grant);
      await sweepAgents();
    }
    expect(await look()).toMatchObject({ status: 'running' });
    expect(await store.getAgent(grant.agentId)).toMatchObject({ lastSeenAt: new Date(clock.now()).toISOString() });
  });

  it.each(['result', 'release', 'second artifact'] as const)('is not missed right after its %s', async (call) => {
    const { clock, submit, granted, releaseAssignment, grant, createArtifact, store } = await aWorker({}, 900);
    const announced = { path: 'a.txt', sizeBytes: 1, mimeType: 'text/plain', sha256: 'a'.repeat(64) };
    const calls = {
      result: () => submit(granted),
      release: () => releaseAssignment(grant),
      'second artifact': async () => {
        await createArtifact({ ...grant, announced });
        await createArtifact({ ...grant, announced });
      },
    };
    clock.advance(80);
    await calls[call]();
    expect(await store.getAgent(grant.agentId)).toMatchObject({ lastSeenAt: new Date(clock.now()).toISOString() });
  });

  it('is none of the trouble of work whose lease is over, or that waits for it', async () => {
    const { clock, sweepAgents, look, running, store } = await aWorker({}, 60);
    const { id } = await running();
    clock.advance(90);
    await sweepAgents();
    expect(await look()).toMatchObject({ status: 'running' });
    expect(await store.getSession(id)).toMatchObject({ status: 'running' });
  });

  it('moves nothing when the session ends at the same moment', async () => {
    const { clock, engine, cancelSession, session, sweepAgents, look, store, grant } = await aWorker({}, 900);
    clock.advance(90);
    engine.before('session', () => cancelSession({ sessionId: session.id, actor: person }));
    await sweepAgents();
    expect(await look()).toMatchObject({ status: 'cancelled' });
    expect(await store.getAgent(grant.agentId)).toMatchObject({ status: 'offline', reserved: 0 });
  });

  it('of another tenant is looked for in that tenant only', async () => {
    const world = await aWorker({}, 900);
    const other = await world.addTenant('B');
    const { session } = await other.working();
    world.clock.advance(90);
    await world.sweepAgents();
    expect(await world.look()).toMatchObject({ status: 'degraded' });
    expect(await other.store.getSession(session.id)).toMatchObject({ status: 'running' });
  });
});

describe('a degraded session', () => {
  const degraded = async (work: NewWork = {}) => {
    const world = await aWorker(work);
    await world.report(status(1, 'degraded'));
    return { ...world, at: { sessionId: world.session.id, run: world.session.run } };
  };

  it('completes', async () => {
    const { submit, granted, judgeOutcome, recordOutcome, at, look, holders } = await degraded();
    await submit(granted);
    expect(await judgeOutcome(at)).toBe('completed');
    await recordOutcome(at);
    expect(await look()).toMatchObject({ status: 'completed', statusReason: 'agent_result' });
    expect(holders()).toEqual([]);
  });

  it('fails, and its result can be read', async () => {
    const { submit, granted, recordOutcome, at, look, store, session } = await degraded();
    await submit(granted, { result: aResult({ status: 'failed', errorMessage: 'no idea' }) });
    await recordOutcome(at);
    expect(await look()).toMatchObject({ status: 'failed', error: { message: 'no idea' } });
    expect(await makeReadResult({ store })({ sessionId: session.id })).toMatchObject({ final: true });
  });

  it('times out when its working time is used up and nothing is handed back', async () => {
    const { sweepLeases, clock, recordOutcome, at, look } = await degraded({ maxDurationSeconds: 10 });
    clock.advance(40);
    await sweepLeases();
    await recordOutcome(at);
    expect(await look()).toMatchObject({ status: 'timeout' });
  });

  it('keeps its slot while it waits for another attempt, which a healthy agent begins well', async () => {
    const world = await degraded();
    const { submit, granted, judgeOutcome, scheduleRetry, beginAttempt, awaitAgent, at, look, clock } = world;
    const error = { status: 'failed', errorCode: 'AGENT_TIMEOUT', retryable: true } as const;
    await submit(granted, { result: aResult({ ...error, errorMessage: 'too slow' }) });
    expect(await judgeOutcome(at)).toBe('retry');
    clock.advance(await scheduleRetry(at));
    expect(world.holders()).toEqual([world.session.id]);
    expect(await look()).toMatchObject({ status: 'degraded', attempt: 2 });
    await beginAttempt(at);
    await awaitAgent({ ...at, taskToken: 'again' });
    await world.claim(world.worker.id);
    expect(await look()).toMatchObject({ status: 'running', attempt: 2 });
  });

  it('is cancelled at once', async () => {
    const { cancelSession, session, look } = await degraded();
    await cancelSession({ sessionId: session.id, actor: person });
    expect(await look()).toMatchObject({ status: 'cancelled' });
  });

  it('whose driver is lost is recovered and stays degraded; the reason tells of the recovery', async () => {
    const { recoverSession, at, look, view, store, grant } = await degraded();
    expect(await recoverSession(at)).toBe('recovered');
    expect(await look()).toMatchObject({ status: 'degraded', run: at.run + 1 });
    expect(await view()).toMatchObject({ statusReason: 'recovered' });
    expect(await store.getAssignment(grant.assignmentId)).toMatchObject({ state: 'running' });
  });
});

describe('work that another agent took over after a lease ran out', () => {
  const takenOver = async () => {
    const world = await aWorker();
    const { session, sweepLeases, awaitAgent, clock } = world;
    const fallback = await world.agent({ name: 'FALLBACK' });
    clock.advance(LEASE_SECONDS);
    await sweepLeases();
    await awaitAgent({ sessionId: session.id, run: session.run, taskToken: 'again' });
    const [granted] = (await world.claim(fallback.id)).granted;
    if (granted === undefined) throw new Error('nothing was granted');
    const { id: assignmentId, fencingToken } = granted.assignment;
    return { ...world, grant: { assignmentId, agentId: fallback.id, fencingToken } };
  };

  it('is degraded from the grant to the first checkpoint of that agent', async () => {
    const { look, reportEvents, grant, statuses } = await takenOver();
    expect(await look()).toMatchObject({ status: 'degraded', statusReason: 'fallback_agent' });
    await reportEvents({ ...grant, events: [checkpoint(1)] });
    expect(await look()).toMatchObject({ status: 'running' });
    expect(await statuses()).toEqual(['degraded', 'running']);
  });

  it('or until its calls were accepted for 60 s', async () => {
    const { look, extendLease, grant, clock } = await takenOver();
    for (let call = 0; call < 5; call++) {
      clock.advance(10);
      await extendLease(grant);
    }
    clock.advance(9.999);
    await extendLease(grant);
    expect(await look()).toMatchObject({ status: 'degraded' });
    clock.advance(0.001);
    await extendLease(grant);
    expect(await look()).toMatchObject({ status: 'running' });
  });

  it('shows the newest of several signs as its reason, and is degraded until the last is gone', async () => {
    const { look, view, reportEvents, grant, statuses } = await takenOver();
    await reportEvents({ ...grant, events: [status(1, 'degraded', 'the disk is full')] });
    expect(await view()).toMatchObject({ statusReason: 'agent_degraded', statusDetail: 'the disk is full' });
    await reportEvents({ ...grant, events: [checkpoint(2)] });
    expect(await look()).toMatchObject({ status: 'degraded' });
    await reportEvents({ ...grant, events: [status(3, 'healthy')] });
    expect(await look()).toMatchObject({ status: 'running' });
    expect(await statuses()).toEqual(['degraded', 'running']);
  });
});
