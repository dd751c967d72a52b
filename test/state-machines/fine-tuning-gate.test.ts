import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { GateRules } from '#domain/evaluation/gate-rules';
import { aTrainingInput } from '#test/support/a-training-job';
import type { TrainingWorld } from '#test/support/training-world';
import { aTrainingWorld, loadHandlers, restsIn } from './driven-training.ts';

vi.mock('#runtime/ports', async () => (await import('./driven-training.ts')).portsOfTheWorld);
vi.mock('#runtime/step-functions', async () => (await import('./driven-training.ts')).tokensOfTheWorld);
vi.mock('#runtime/eval-items', async () => (await import('./driven-training.ts')).evalItemsOfTheWorld);
vi.mock('#runtime/sagemaker', async () => (await import('./driven-training.ts')).sageMakerOfTheWorld);
vi.mock('#runtime/training-providers', async (original) => ({
  ...(await original<object>()),
  ...(await import('./driven-training.ts')).providersOfTheWorld,
}));
beforeAll(loadHandlers);

describe('the gate of a training', () => {
  const train = async (world: TrainingWorld, qualityShift: number, gate: Partial<GateRules> = {}) => {
    const job = await world.start({ input: aTrainingInput({ gate, simulation: { qualityShift } }) });
    await world.pass(240);
    await restsIn(world, job.id, 'completed');
    const { evaluation } = (await world.store.findTrainingLive(job.id)) ?? expect.fail();
    const version = await world.store.findModelVersion('shop-coder', job.modelVersion);
    const { aliases } = await world.store.getModel('shop-coder');
    return { job, evaluation, version, aliases };
  };

  it('approves what is better, lets it challenge, and makes it the champion where that is wanted', async () => {
    const world = await aTrainingWorld();
    const first = await train(world, 0);
    expect(first.evaluation).toMatchObject({
      basis: 'simulated',
      simulated: true,
      outcome: 'passed',
      verdict: 'better',
    });
    expect(first.version).toMatchObject({ status: 'approved', evaluation: { outcome: 'passed' } });
    expect(first.aliases).toEqual({ challenger: ['1.0.0'] });
    const pairs = await world.store.findEvaluatedPairs(first.job.id, 1);
    expect(pairs).toHaveLength(first.evaluation?.candidate.pairs ?? -1);
    const second = await train(world, 0, { autoPromote: true });
    expect(second.aliases).toEqual({ challenger: ['1.0.0', '1.0.1'], champion: ['1.0.1'] });
    const { items } = await world.store.listAliasMoves('shop-coder', { limit: 10 });
    expect(items.map(({ alias, toVersion }) => [alias, toVersion])).toEqual([
      ['champion', '1.0.1'],
      ['challenger', '1.0.1'],
      ['challenger', '1.0.0'],
    ]);
  });

  it('rejects what is worse than the champion, and the job is complete all the same', async () => {
    const world = await aTrainingWorld();
    await train(world, -0.5, { autoPromote: true });
    const { evaluation, version, aliases } = await train(world, 1);
    expect(evaluation).toMatchObject({ outcome: 'failed', verdict: 'worse' });
    expect(version).toMatchObject({ status: 'rejected' });
    expect(aliases).toEqual({ challenger: ['1.0.0'], champion: ['1.0.0'] });
  });

  it('leaves a version registered of which too little is known', async () => {
    const { evaluation, version, aliases } = await train(await aTrainingWorld(), 0, { minEvalSamples: 51 });
    expect(evaluation?.outcome).toBe('insufficient_data');
    expect(version?.status).toBe('registered');
    expect(aliases).toEqual({});
  });
});
