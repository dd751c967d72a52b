import { describe, expect, it } from 'vitest';
import { makeReadResult } from '#application/read-result';
import { readSession, viewSession } from '#application/session-view';
import type { WorkEvent } from '#domain/assignment/work-event';
import { NOON } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';
import { aWorld, LEASE_SECONDS, type NewWork, person } from '#test/support/world';

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

const aWorker = async (work: NewWork = {}) => {
  const world = await aWorld();
  const { session, granted, agent } = await world.working(work);
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
