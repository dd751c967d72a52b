import { describe, expect, it } from 'vitest';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { gateWrites } from '#application/change-writes';
import type { CounterDrift } from '#application/counter-drift';
import { makeSweepGates } from '#application/sweep-gates';
import { TRAINING_GATE, takeTrainingPlace } from '#application/training-slot';
import type { TrainingStatus } from '#domain/training-job/status';
import { aStandingTraining } from '#test/support/a-training-job';
import { gateProblems } from '#test/support/broken-invariants';
import { aClock, countedIdentifiers } from '#test/support/ports-in-memory';

/** A tenant whose training jobs have come to the gate in this order; two may train at a time. */
const aGate = async (jobs: Readonly<Record<string, TrainingStatus>>) => {
  const engine = makeMemoryEngine();
  const [clock, ids, store] = [aClock(), countedIdentifiers(), makeTenantStore(engine, 'A')];
  const drifts: CounterDrift[] = [];
  for (const [id, status] of Object.entries(jobs)) {
    const { job } = aStandingTraining({ id, status });
    const { change } = await takeTrainingPlace(store, id, { ticket: ids.ulid(), now: clock.now() });
    await store.commit([{ kind: 'training-job', before: null, after: job }, ...gateWrites(change)]);
  }
  const sweep = makeSweepGates({
    ...{ clock, ids, due: makeDueWork(engine), storeOf: () => store },
    report: (drift) => drifts.push(drift),
  });
  const theGate = async () => (await store.findGate(TRAINING_GATE)) ?? expect.fail();
  const owners = async () => (await store.listHolders(TRAINING_GATE)).map(({ owner }) => owner).toSorted();
  return { engine, clock, store, sweep, drifts, theGate, owners };
};

describe('the gate of trainings', () => {
  it('is recounted from its first use on, and left alone when it is right', async () => {
    const { sweep, drifts, theGate, owners } = await aGate({ ONE: 'running', TWO: 'evaluating', THREE: 'queued' });
    const { held, waiting } = await theGate();
    expect([held, waiting]).toEqual([2, 1]);
    expect(await sweep()).toEqual({ right: 1, mended: 0 });
    expect(await sweep()).toEqual({ right: 0, mended: 0 });
    expect([drifts, await owners()]).toEqual([[], ['ONE', 'TWO']]);
  });

  it('frees the slot of a job that has ended, and gives it to the one that waits', async () => {
    const { engine, sweep, drifts, owners } = await aGate({ ONE: 'failed', TWO: 'running', THREE: 'queued' });
    expect(await sweep()).toEqual({ right: 0, mended: 1 });
    expect(await owners()).toEqual(['THREE', 'TWO']);
    expect(drifts).toEqual([{ tenantId: 'A', kind: TRAINING_GATE, drift: -1, freed: ['ONE'], admitted: 1 }]);
    expect(gateProblems(engine.items())).toEqual([]);
  });

  it('counts anew what was counted wrong', async () => {
    const { engine, clock, store, sweep, drifts, theGate } = await aGate({ ONE: 'running' });
    const before = await theGate();
    await store.commit([{ kind: 'gate', before, after: { ...before, held: 2 } }]);
    await sweep();
    expect(drifts).toMatchObject([{ kind: TRAINING_GATE, drift: -1, freed: [] }]);
    expect(gateProblems(engine.items())).toEqual([]);
    clock.advance(60);
    expect(await sweep()).toEqual({ right: 1, mended: 0 });
  });
});
