import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeCancelTrainingJob } from '#application/cancel-training-job';
import { makeContinueEvaluation } from '#application/evaluate-model';
import { makeEvaluate } from '#application/evaluate-training';
import { makePollTrainingJob } from '#application/poll-training-job';
import { makeReplaySamples } from '#application/replay-samples';
import { makeRetryTrainingJob } from '#application/retry-training-job';
import { readTraining } from '#application/training-writes';
import { judgeHead } from '#domain/dataset/judge-session';
import { ConcurrentUpdate } from '#domain/errors';
import type { GateRules } from '#domain/evaluation/gate-rules';
import { noUsage } from '#domain/session/live';
import type { TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import { aDataset } from '#test/support/a-dataset';
import { aSession, aSessionInput, aWorkspace, NOON } from '#test/support/a-session';
import { aTrainingInput } from '#test/support/a-training-job';
import { aResult } from '#test/support/a-work-item';
import { aRegisteredVersion } from '#test/support/registered-models';
import { aWorld } from '#test/support/world';

const CANDIDATE = 'acme/coder-1.1.0';
const BASELINE = 'acme/base';
const served = { servingModelIdentifier: 'acme/coder-{version}', baselineModelIdentifier: BASELINE };

const job: TrainingJob = {
  tenantId: 'A',
  id: 'JOB',
  version: 5,
  baseModel: 'acme/base-7b',
  targetModelName: 'coder',
  modelVersion: '1.1.0',
  datasetId: 'DATASET',
  provider: 'sagemaker',
  simulated: false,
  isGated: true,
  status: 'evaluating',
  statusUpdatedAt: NOON,
  attempt: 1,
  createdAt: NOON,
  createdBy: 'USER',
  updatedAt: NOON,
};

const live = { jobId: 'JOB', attempt: 1, estimate: {}, revision: 0 } as unknown as TrainingLive;

/** A trained model whose job is evaluating, and so many held-out sessions that both models could do once more. */
const aTrainedModel = async (samples: number, gate: Partial<GateRules> = served) => {
  const world = await aWorld();
  const { store, clock, ids } = world;
  const sources = Array.from({ length: samples }, (_, index) => `SOURCE-${String(index).padStart(2, '0')}`);
  await store.commit([
    { kind: 'dataset', before: null, after: aDataset({ tenantId: 'A' }) },
    { kind: 'training-job', before: null, after: job },
    { kind: 'training-input', jobId: 'JOB', input: aTrainingInput({ gate }) },
    { kind: 'training-live', before: null, after: live },
    { kind: 'version-claim', modelName: 'coder', version: '1.1.0', jobId: 'JOB' },
  ]);
  for (const id of sources)
    await store.commit([
      { kind: 'session', before: null, after: aSession({ id, tenantId: 'A', title: `Do ${id}`, status: 'completed' }) },
      {
        kind: 'session-input',
        sessionId: id,
        input: aSessionInput({ prompt: `prompt of ${id}`, workspace: aWorkspace({ push: 'branch', ref: 'main' }) }),
      },
      { kind: 'result', sessionId: id, attempt: 1, result: aResult({ baseCommit: `commit of ${id}` }) },
    ]);
  const items = sources.map((sessionId) => ({
    sessionId,
    rootSessionId: sessionId,
    contentHash: nodeDigest.sha256(sessionId),
    replayable: true,
  }));
  const evaluate = makeEvaluate({
    store,
    clock,
    ids,
    digest: nodeDigest,
    outputsOf: () => undefined,
    evalItems: async () => items,
  });
  const look = () => makeContinueEvaluation({ store, clock, ids, evaluate })({ jobId: 'JOB', attempt: 1 });
  const evaluation = async () => (await store.findTrainingLive('JOB'))?.evaluation;
  const open = async () =>
    (await store.listSessions({ limit: 100 })).items.filter(
      ({ createdBy, status }) => createdBy === 'JOB' && (status === 'queued' || status === 'running'),
    );
  return { ...world, look, evaluation, open, sources };
};

type Trained = Awaited<ReturnType<typeof aTrainedModel>>;
type Ending = 'passes' | 'fails' | 'provider down' | 'demo model passes';

/** Lets an agent do a session as a script says, and its driver record the outcome. */
const work = async (trained: Trained, sessionId: string, ending: Ending) => {
  const { agent, beginAttempt, awaitAgent, claim, submit, recordOutcome } = trained;
  expect(await beginAttempt({ sessionId, run: 1 })).toBe('begun');
  await awaitAgent({ sessionId, run: 1, taskToken: `token ${sessionId}` });
  const worker = await agent({ name: `RUNNER-${sessionId}` });
  const { granted } = await claim(worker.id);
  const verification = [{ name: 'tests', exitCode: ending.endsWith('passes') ? 0 : 1, durationMs: 1, output: '' }];
  const down = { status: 'failed', errorCode: 'UPSTREAM_ERROR', retryable: true } as const;
  const demo = ending === 'demo model passes' ? { model: 'demo/scripted', simulated: true } : {};
  for (const one of granted)
    await submit(one, { result: ending === 'provider down' ? aResult(down) : aResult({ verification, ...demo }) });
  await recordOutcome({ sessionId, run: 1 });
  await trained.recordHeartbeat({ agentId: worker.id, status: 'offline', currentLoad: 0, leases: [] });
};

type Script = (source: string, model: string) => Ending;

/** Works on everything that is open, and looks again, until there is an evaluation. */
const workAll = async (trained: Trained, script: Script) => {
  const most: number[] = [];
  for (let round = 0; (await trained.evaluation()) === undefined && round < 200; round++) {
    await trained.look();
    const sessions = await trained.open();
    most.push(sessions.length);
    if (sessions.length === 0) trained.clock.advance(600);
    const [next] = sessions;
    if (next === undefined) continue;
    const source = (await trained.store.findInput(next.id))?.prompt.replace('prompt of ', '') ?? '';
    await work(trained, next.id, script(source, next.modelIdentifier ?? ''));
  }
  return Math.max(...most);
};

describe('a replay', () => {
  it('is real sessions under the id of the job: same prompt, commit and commands, pushed nowhere, never learned from', async () => {
    const trained = await aTrainedModel(3);
    await trained.look();
    const sessions = await trained.open();
    expect(sessions.map(({ modelIdentifier }) => modelIdentifier).toSorted()).toEqual([
      BASELINE,
      BASELINE,
      CANDIDATE,
      CANDIDATE,
    ]);
    for (const { id, ...session } of sessions) {
      expect(session).toMatchObject({
        createdBy: 'JOB',
        tags: ['evaluation', 'no-training'],
        priority: 'deferred',
        autoRetry: 'never',
        evaluates: { jobId: 'JOB', attempt: 1 },
      });
      const input = await trained.store.findInput(id);
      const source = input?.prompt.replace('prompt of ', '');
      expect(input?.workspace).toMatchObject({ push: 'never', ref: `commit of ${source}` });
      expect(input?.workspace?.verify).toEqual(aWorkspace().verify);
    }
    const before = trained.everything();
    await trained.look();
    expect(trained.everything()).toEqual(before);
  });

  it('comes to the counts and the verdict of what both models did, four sessions at a time at most', async () => {
    const trained = await aTrainedModel(20);
    const most = await workAll(trained, (source, model) => {
      const index = Number(source.slice(-2));
      if (index < 12) return 'passes';
      if (index < 17) return model === CANDIDATE ? 'passes' : 'fails';
      return index === 17 && model === BASELINE ? 'passes' : 'fails';
    });
    expect(most).toBeLessThanOrEqual(4);
    const evaluation = (await trained.evaluation()) ?? expect.fail('there is no evaluation');
    expect(evaluation).toMatchObject({
      basis: 'replay',
      simulated: false,
      outcome: 'passed',
      verdict: 'not_distinguishable',
      candidate: { modelIdentifier: CANDIDATE, passed: 17, pairs: 20, passRate: 0.85 },
      baseline: { modelIdentifier: BASELINE, passed: 13, passRate: 0.65 },
      both: 12,
      candidateOnly: 5,
      baselineOnly: 1,
      neither: 2,
      notReplayed: {},
    });
    expect(evaluation.pValue?.toFixed(4)).toBe('0.2188');
    const pairs = await trained.store.findEvaluatedPairs('JOB', 1);
    expect(pairs).toHaveLength(20);
    expect(pairs.every(({ candidateSessionId, baselineSessionId }) => candidateSessionId && baselineSessionId)).toBe(
      true,
    );
  });

  it('tells a better model, and none of its sessions is learned from later', async () => {
    const trained = await aTrainedModel(20);
    await workAll(trained, (source, model) => {
      const index = Number(source.slice(-2));
      if (index < 10) return 'passes';
      if (index < 18) return model === CANDIDATE ? 'passes' : 'fails';
      return index === 18 && model === BASELINE ? 'passes' : 'fails';
    });
    const evaluation = (await trained.evaluation()) ?? expect.fail('there is no evaluation');
    expect(evaluation).toMatchObject({
      ...{ outcome: 'passed', verdict: 'better', both: 10, candidateOnly: 8, baselineOnly: 1, neither: 1 },
      ...{ candidate: { passed: 18, passRate: 0.9 }, baseline: { passed: 11, passRate: 0.55 } },
    });
    expect(evaluation.pValue?.toFixed(4)).toBe('0.0391');
    const replayed = (await trained.store.listSessions({ limit: 100 })).items.filter(
      ({ createdBy }) => createdBy === 'JOB',
    );
    expect(replayed).toHaveLength(40);
    const { filters } = aDataset();
    const all = { ...filters, minSuccessRate: 0, includePartial: true };
    const words = replayed.filter(({ status }) => status === 'completed').map((session) => judgeHead(session, all));
    expect(words.length).toBeGreaterThan(20);
    expect(new Set(words)).toEqual(new Set(['consent']));
    expect(replayed.map((session) => judgeHead(session, all))).not.toContain(undefined);
  });

  it('leaves out the pairs that a provider kept from being done, after a second try', async () => {
    const trained = await aTrainedModel(3);
    await trained.look();
    // what becomes the champion meanwhile has done none of the work
    await aRegisteredVersion(trained, { version: '1.0.0', servingModelIdentifier: 'acme/other', autoPromote: true });
    await workAll(trained, (source) => (source.endsWith('1') ? 'provider down' : 'passes'));
    expect(await trained.evaluation()).toMatchObject({
      basis: 'replay',
      outcome: 'insufficient_data',
      notReplayed: { provider: 1 },
      both: 2,
      baseline: { modelIdentifier: BASELINE },
    });
  });

  it('passes no model by work that a demo model did in its place', async () => {
    const trained = await aTrainedModel(20);
    await workAll(trained, () => 'demo model passes');
    const evaluation = (await trained.evaluation()) ?? expect.fail('there is no evaluation');
    expect(evaluation).toMatchObject({
      ...{ basis: 'text', simulated: false, outcome: 'insufficient_data', notReplayed: { simulated: 20 }, both: 0 },
    });
    expect(await trained.store.findEvaluatedPairs('JOB', 1)).toEqual([]);
  });

  it('stops a session that has cost more than one may, and counts it as not passed', async () => {
    const trained = await aTrainedModel(1, { ...served, replayMaxCostUsd: 0.2 });
    await trained.look();
    const [first, second] = await trained.open();
    const ids = [first?.id ?? '', second?.id ?? ''] as const;
    for (const [index, sessionId] of ids.entries()) {
      await trained.beginAttempt({ sessionId, run: 1 });
      await trained.awaitAgent({ sessionId, run: 1, taskToken: `token ${sessionId}` });
      const worker = await trained.agent({ name: `RUNNER-${sessionId}` });
      const { granted } = await trained.claim(worker.id);
      const usage = { ...noUsage, costUsd: index === 0 ? 0.21 : 0.2 };
      const metrics = { type: 'metrics', eventSeq: 1, timestamp: NOON, usage } as const;
      for (const { assignment } of granted) {
        const { id: assignmentId, fencingToken } = assignment;
        await trained.reportEvents({ assignmentId, agentId: worker.id, fencingToken, events: [metrics] });
      }
    }
    await trained.look();
    expect((await trained.store.findSession(ids[0]))?.status).toBe('cancelled');
    expect((await trained.store.findSession(ids[1]))?.status).toBe('running');
    const replay = (await trained.store.findReplay('JOB', 1)) ?? expect.fail('nothing is replayed');
    const sides = replay.items.flatMap(({ candidate, baseline }) => [candidate, baseline]);
    expect(sides.find(({ sessionId }) => sessionId === ids[0])).toMatchObject({
      passed: false,
      isOpen: false,
      tries: 1,
    });
    expect(sides.find(({ sessionId }) => sessionId === ids[1])).toMatchObject({ isOpen: true });
  });

  it('is not done where agents reach only one of the models, and then nothing passes', async () => {
    const trained = await aTrainedModel(3, { servingModelIdentifier: null, baselineModelIdentifier: BASELINE });
    await trained.look();
    expect(await trained.open()).toEqual([]);
    expect(await trained.evaluation()).toMatchObject({ basis: 'text', outcome: 'insufficient_data' });
  });

  it('takes one session of each tree, and none that is deleted or has nothing to verify it by', async () => {
    const trained = await aTrainedModel(2);
    const { store, clock, ids } = trained;
    const state = await readTraining(store, 'JOB');
    const item = (sessionId: string, fields: object = {}) => ({
      sessionId,
      rootSessionId: sessionId,
      contentHash: '',
      replayable: true,
      ...fields,
    });
    const items = [
      item('SOURCE-00', { rootSessionId: 'ROOT' }),
      item('SOURCE-01', { rootSessionId: 'ROOT' }),
      item('GONE'),
      item('SOURCE-01', { replayable: false }),
    ];
    const models = { candidate: CANDIDATE, baseline: BASELINE };
    const replay = await makeReplaySamples({ store, clock, ids }).begin(state, { models, items });
    expect(replay?.items.map(({ sessionId }) => sessionId)).toEqual(['SOURCE-00']);
  });

  it('is called off with its job', async () => {
    const trained = await aTrainedModel(3);
    await trained.look();
    await makeCancelTrainingJob(trained)({ jobId: 'JOB' });
    expect(trained.internals().at(-1)).toMatchObject({
      consumers: expect.arrayContaining(['stop-execution', 'poll-training']),
    });
    const providers = () => expect.fail('no provider is asked about a job that has ended');
    await makePollTrainingJob({ ...trained, providers })('JOB');
    expect(await trained.open()).toEqual([]);
  });

  it('is called off a minute later when it could not be at once, also when the job is tried again meanwhile', async () => {
    const trained = await aTrainedModel(3);
    const { store, clock } = trained;
    await trained.look();
    await makeCancelTrainingJob(trained)({ jobId: 'JOB' });
    const providers = () => expect.fail('no provider is asked about a job that has ended');
    const poll = makePollTrainingJob({ ...trained, providers });
    // with all of its figures, with fewer, and with none
    for (let tries = 0; tries < 3; tries++)
      trained.engine.before('session', () => Promise.reject(new Error('throttled')));
    expect(await poll('JOB')).toBe('failed');
    expect(await trained.open()).toHaveLength(1);
    expect(await store.findTrainingLive('JOB')).toMatchObject({
      openReplays: [1],
      dueAt: new Date(clock.now() + 60_000).toISOString(),
    });
    await makeRetryTrainingJob(trained)({ jobId: 'JOB' });
    expect(await poll('JOB')).toBe('updated');
    expect(await trained.open()).toEqual([]);
    const settled = await store.findTrainingLive('JOB');
    expect([settled?.openReplays, settled?.dueAt]).toEqual([undefined, undefined]);
  });

  it('begins no session any more once its job has ended, whoever is at it', async () => {
    const trained = await aTrainedModel(3);
    const { store, clock, ids } = trained;
    await trained.look();
    const state = { job, input: aTrainingInput({ gate: served }), live };
    const known = (await store.findReplay('JOB', 1)) ?? expect.fail();
    await makeCancelTrainingJob(trained)({ jobId: 'JOB' });
    const providers = () => expect.fail('no provider is asked about a job that has ended');
    await makePollTrainingJob({ ...trained, providers })('JOB');
    const replays = makeReplaySamples({ store, clock, ids });
    clock.advance(3600);
    for (const replay of [known, (await store.findReplay('JOB', 1)) ?? known]) await replays.advance(state, replay);
    expect(await trained.open()).toEqual([]);
  });

  it('does not begin for a job that has ended meanwhile', async () => {
    const trained = await aTrainedModel(3);
    trained.engine.before('replay', async () => {
      await makeCancelTrainingJob(trained)({ jobId: 'JOB' });
    });
    await expect(trained.look()).rejects.toThrow(ConcurrentUpdate);
    await trained.look();
    expect(await trained.store.findReplay('JOB', 1)).toBeUndefined();
    expect(await trained.open()).toEqual([]);
  });

  it('tells the end of each of its sessions to whoever begins the next', async () => {
    const trained = await aTrainedModel(1);
    await trained.look();
    const [first] = await trained.open();
    await work(trained, first?.id ?? '', 'passes');
    const told = trained.internals().filter(({ consumers = [] }) => consumers.includes('poll-training'));
    expect(told.map(({ training }) => training)).toEqual([{ jobId: 'JOB', attempt: 1 }]);
  });
});
