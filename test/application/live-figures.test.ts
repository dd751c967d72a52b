import { describe, expect, it } from 'vitest';
import { makeListTrials } from '#application/list-trials';
import { makePromoteModel } from '#application/promote-model';
import { makeUpdateModel } from '#application/update-model';
import type { AssignmentResult } from '#domain/assignment/result';
import { CONTENTION, ConcurrentUpdate } from '#domain/errors';
import { NO_TALLY } from '#domain/model/tally';
import { aSession, aSessionInput, aWorkspace, someLive } from '#test/support/a-session';
import { aResult, aWorkItem } from '#test/support/a-work-item';
import { aRegisteredVersion } from '#test/support/registered-models';
import { aWorld, LEASE_SECONDS, person } from '#test/support/world';

const verified = (exitCode: number) => [{ name: 'tests', exitCode, durationMs: 1, output: '' }];
const record = aWorkspace({ verifyPolicy: 'record' });

/** A world whose model has the champion 1.0.0 and the challenger 1.1.0. */
const aServedWorld = async (limit = 10) => {
  const world = await aWorld({ limit });
  const { store } = world;
  const ports = { store, clock: world.clock, ids: world.ids };
  const promote = (version: string) =>
    makePromoteModel(ports)({ modelName: 'coder', version, alias: 'champion', force: false, actor: person });
  const share = (challengerPercent: number) =>
    makeUpdateModel(ports)({ modelName: 'coder', patch: { challengerPercent }, actor: person });
  for (const version of ['1.0.0', '1.1.0']) await aRegisteredVersion(ports, { version, servingModelIdentifier: 'a/b' });
  await promote('1.0.0');
  const begun = (modelIdentifier = 'registry/coder') =>
    world.working({ modelIdentifier, autoRetry: 'always', input: { workspace: record } });
  const handedIn = async (result: Partial<AssignmentResult> = {}, modelIdentifier?: string) => {
    const { session, granted } = await begun(modelIdentifier);
    world.clock.advance(5);
    await world.submit(granted, { result: aResult({ verification: verified(0), ...result }) });
    return { sessionId: session.id, run: 1 };
  };
  const tallyOf = async (version: string) => (await store.findTallies('coder', [{ version }]))[0] ?? expect.fail();
  const trials = () => makeListTrials({ store })('coder');
  return { ...world, promote, share, begun, handedIn, tallyOf, trials };
};

const COMPLETED = { ...NO_TALLY, sessions: 1, completed: 1, rated: 1, successMillionths: 1e6, activeMs: 5000 };

describe('the figures of a model version', () => {
  it('count a session that has ended, once, for the version that served it', async () => {
    const { handedIn, recordOutcome, promote, tallyOf } = await aServedWorld();
    const step = await handedIn();
    expect(await tallyOf('1.0.0')).toEqual(NO_TALLY);
    await promote('1.1.0');
    await recordOutcome(step);
    await recordOutcome(step);
    expect(await tallyOf('1.0.0')).toEqual(COMPLETED);
    expect(await tallyOf('1.1.0')).toEqual(NO_TALLY);
  });

  it('count it once when its driver is lost before the end and after it', async () => {
    const { handedIn, recordOutcome, recoverSession, engine, tallyOf } = await aServedWorld();
    const { sessionId } = await handedIn();
    engine.before('tally', () => Promise.reject(new Error('killed before')));
    await expect(recordOutcome({ sessionId, run: 1 })).rejects.toThrow('killed');
    expect(await tallyOf('1.0.0')).toEqual(NO_TALLY);
    expect(await recoverSession({ sessionId, run: 1 })).toBe('recovered');
    engine.after('tally', () => Promise.reject(new Error('killed after')));
    await expect(recordOutcome({ sessionId, run: 2 })).rejects.toThrow('killed');
    for (const run of [1, 2]) await recordOutcome({ sessionId, run });
    expect(await recoverSession({ sessionId, run: 2 })).toBe('settled');
    expect(await tallyOf('1.0.0')).toEqual(COMPLETED);
  });

  it('count it once when a person and its driver end it at the same time', async () => {
    const { handedIn, recordOutcome, cancelSession, engine, tallyOf } = await aServedWorld();
    const step = await handedIn();
    engine.before('tally', async () => {
      await cancelSession({ sessionId: step.sessionId, actor: person });
    });
    expect(await recordOutcome(step)).toMatchObject({ status: 'cancelled' });
    expect(await tallyOf('1.0.0')).toEqual({ ...NO_TALLY, sessions: 1, calledOff: 1, activeMs: 5000 });
  });

  it('are exact when a hundred sessions end at once, and their transactions meet over the figures', async () => {
    const { store, recordOutcome, tallyOf, engine } = await aServedWorld();
    const servedBy = { requested: 'registry/coder', version: '1.0.0', alias: 'champion' };
    const steps = Array.from({ length: 100 }, (_, index) => ({ sessionId: `SESSION-${index}`, run: 1 }));
    for (const [index, { sessionId }] of steps.entries()) {
      const ids = { sessionId, assignmentId: `WORK-${index}` };
      const live = someLive({ ...ids, servedBy: { ...servedBy, modelIdentifier: 'a/b', simulated: false } });
      const result = aResult({ verification: verified(index % 4 === 0 ? 1 : 0) });
      const work = aWorkItem({ tenantId: 'A', id: ids.assignmentId, sessionId, state: 'completed' });
      await store.commit([
        { kind: 'session', before: null, after: aSession({ tenantId: 'A', id: sessionId, status: 'running', run: 1 }) },
        { kind: 'session-input', sessionId, input: aSessionInput({ workspace: record }) },
        { kind: 'session-live', before: null, after: live },
        { kind: 'assignment', before: null, after: work },
        { kind: 'result', sessionId, attempt: 1, result },
      ]);
    }
    // before most of the ends there is one that loses, and some lose more often than a step is repeated
    let met = 0;
    for (let meeting = 0; meeting < 1000; meeting++)
      engine.before('tally', async () => {
        if (meeting % 10 !== 9) throw new ConcurrentUpdate(CONTENTION, { cause: met++ });
      });
    // the machine calls again, too
    const end = (step: { sessionId: string; run: number }): Promise<unknown> =>
      recordOutcome(step).catch((error: unknown) => {
        if (error instanceof ConcurrentUpdate) return end(step);
        throw error;
      });
    await Promise.all([...steps, ...steps.slice(0, 20)].map(end));
    expect(await tallyOf('1.0.0')).toMatchObject({
      ...{ sessions: 100, completed: 100, calledOff: 0, rated: 100, successMillionths: 75e6 },
    });
    expect(met).toBeGreaterThan(800);
  });

  it('count ends of every kind', async () => {
    const world = await aServedWorld();
    const failed = await world.handedIn({ status: 'failed', errorCode: 'NO', retryable: false, verification: [] });
    await world.recordOutcome(failed);
    const { session } = await world.begun();
    await world.cancelSession({ sessionId: session.id, actor: person });
    const silent = await world.begun();
    for (let lease = 0; lease < 4; lease++) {
      world.clock.advance(LEASE_SECONDS + 1);
      await world.sweepLeases();
    }
    await world.recordOutcome({ sessionId: silent.session.id, run: 1, failure: 'broken' });
    expect(await world.store.getSession(silent.session.id)).toMatchObject({ status: 'orphaned' });
    expect(await world.tallyOf('1.0.0')).toMatchObject({ sessions: 3, completed: 0, calledOff: 1, rated: 0 });
  });

  it('know success rates only where they are known', async () => {
    const { handedIn, recordOutcome, tallyOf } = await aServedWorld();
    await recordOutcome(await handedIn({ verification: verified(1) }));
    const partial = await handedIn({ partial: true, verification: verified(0) });
    await recordOutcome(partial);
    expect(await tallyOf('1.0.0')).toMatchObject({ sessions: 2, completed: 1, rated: 2, successMillionths: 1e6 });
  });

  it('count nothing for a session that no agent had, that names no model of the registry, or that judges one', async () => {
    const { create, beginAttempt, cancelSession, working, submit, recordOutcome, store, items } = await aServedWorld();
    const { id } = await create({ start: true, modelIdentifier: 'registry/coder' });
    await beginAttempt({ sessionId: id, run: 1 });
    await cancelSession({ sessionId: id, actor: person });
    const plain = await working({ modelIdentifier: 'a/b' });
    await submit(plain.granted);
    await recordOutcome({ sessionId: plain.session.id, run: 1 });
    const replay = await working({ modelIdentifier: 'registry/coder' });
    const before = await store.getSession(replay.session.id);
    const after = { ...before, evaluates: { jobId: 'JOB', attempt: 1 } };
    await store.commit([{ kind: 'session', before, after: { ...after, version: before.version + 1 } }]);
    await submit(replay.granted);
    await recordOutcome({ sessionId: replay.session.id, run: 1 });
    expect(items('tally')).toEqual([]);
  });

  it('count no work that a demo model did in place of the version, neither for it nor for a trial', async () => {
    const { handedIn, recordOutcome, share, tallyOf, trials } = await aServedWorld();
    await share(50);
    await recordOutcome(await handedIn({ model: 'demo/scripted', simulated: true }));
    expect(await Promise.all(['1.0.0', '1.1.0'].map(tallyOf))).toEqual([NO_TALLY, NO_TALLY]);
    expect(await trials()).toMatchObject([{ champion: { sessions: 0 }, challenger: { sessions: 0 } }]);
  });

  it('count a session for the version of its last attempt when another one took over by itself', async () => {
    const { handedIn, judgeOutcome, scheduleRetry, clock, promote, tallyOf, ...world } = await aServedWorld();
    const step = await handedIn({ status: 'failed', errorCode: 'NO', retryable: true, verification: [] });
    await judgeOutcome(step);
    await scheduleRetry(step);
    await promote('1.1.0');
    clock.advance(60);
    await world.beginAttempt(step);
    await world.cancelSession({ sessionId: step.sessionId, actor: person });
    // no agent had the second attempt yet
    expect(await tallyOf('1.0.0')).toMatchObject({ sessions: 1, calledOff: 1 });
    expect(await tallyOf('1.1.0')).toEqual(NO_TALLY);
  });

  it('let a session that a person tries again count as it ends then, in place of before', async () => {
    const { handedIn, recordOutcome, retrySession, promote, tallyOf, ...world } = await aServedWorld();
    const step = await handedIn({ status: 'failed', errorCode: 'NO', retryable: false, verification: [] });
    await recordOutcome(step);
    expect(await tallyOf('1.0.0')).toMatchObject({ sessions: 1, completed: 0 });
    const { sessionId } = step;
    await retrySession({ sessionId, actor: person, fromScratch: false, force: false, start: true, onQuota: 'queue' });
    await promote('1.1.0');
    expect(await tallyOf('1.0.0')).toMatchObject({ sessions: 1 });
    const again = { sessionId, run: 2 };
    await world.beginAttempt(again);
    await world.awaitAgent({ ...again, taskToken: 'second' });
    const [agent] = (await world.store.listAgents({ limit: 1 })).items;
    const [granted] = (await world.claim(agent?.id ?? '')).granted;
    await world.submit(granted ?? expect.fail(), { result: aResult({ verification: verified(0) }) });
    await recordOutcome(again);
    expect(await tallyOf('1.0.0')).toEqual(NO_TALLY);
    expect(await tallyOf('1.1.0')).toMatchObject({ sessions: 1, completed: 1, rated: 1 });
  });

  it('stay when the session is deleted and erased', async () => {
    const { handedIn, recordOutcome, deleteSession, sweepErasures, clock, tallyOf, store } = await aServedWorld();
    const step = await handedIn();
    await recordOutcome(step);
    await deleteSession({ sessionId: step.sessionId });
    clock.advance(91 * 24 * 3600);
    await sweepErasures();
    expect(await store.findSession(step.sessionId)).toBeUndefined();
    expect(await tallyOf('1.0.0')).toEqual(COMPLETED);
  });

  it('are of one tenant only', async () => {
    const { handedIn, recordOutcome, addTenant } = await aServedWorld();
    await recordOutcome(await handedIn());
    const { store } = await addTenant('B');
    expect(await store.findTallies('coder', [{ version: '1.0.0' }])).toEqual([NO_TALLY]);
  });
});

describe('a trial of a challenger', () => {
  it('compares the sessions that asked for the champion while it went on, and no others', async () => {
    const { handedIn, recordOutcome, share, trials, tallyOf } = await aServedWorld();
    await recordOutcome(await handedIn());
    await share(50);
    for (let index = 0; index < 12; index++) await recordOutcome(await handedIn());
    await recordOutcome(await handedIn({}, 'registry/coder:challenger'));
    await recordOutcome(await handedIn({}, 'registry/coder:1.0.0'));
    const late = await handedIn();
    await share(0);
    await recordOutcome(late);
    await recordOutcome(await handedIn());
    const [trial, ...others] = await trials();
    expect(others).toEqual([]);
    const { champion, challenger } = trial ?? expect.fail();
    expect(champion.sessions + challenger.sessions).toBe(13);
    expect(Math.min(champion.sessions, challenger.sessions)).toBeGreaterThan(0);
    expect(trial).toMatchObject({
      champion: { version: '1.0.0', completionRate: 1, averageSuccessRate: 1, averageActiveSeconds: 5 },
      challenger: { version: '1.1.0', completionRate: 1, averageCostUsd: 0, simulated: false },
      ...{ pValue: 1, verdict: 'not_distinguishable', simulated: false, endedAt: expect.any(String) },
    });
    const tallies = await Promise.all(['1.0.0', '1.1.0'].map(tallyOf));
    expect(tallies.map(({ sessions }) => sessions)).toEqual([champion.sessions + 3, challenger.sessions + 1]);
  });

  it('says that the challenger is worse when it completes hardly anything', async () => {
    const { begun, submit, recordOutcome, share, trials, store } = await aServedWorld();
    await share(50);
    for (let index = 0; index < 20; index++) {
      const { session, granted } = await begun();
      const { modelResolution } = (await store.findLive(session.id)) ?? expect.fail();
      const failed = { status: 'failed', errorCode: 'NO', retryable: false } as const;
      await submit(granted, { result: aResult(modelResolution?.alias === 'challenger' ? failed : {}) });
      await recordOutcome({ sessionId: session.id, run: 1 });
    }
    const [trial] = await trials();
    expect(trial).toMatchObject({ verdict: 'worse', champion: { completionRate: 1 }, challenger: { completed: 0 } });
    expect(trial?.pValue).toBeLessThan(0.001);
  });
});
