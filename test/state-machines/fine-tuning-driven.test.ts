import { beforeAll, describe, expect, it, vi } from 'vitest';
import { aTrainingInput } from '#test/support/a-training-job';
import { aTrainingWorld, loadHandlers, restsIn, statesOf } from './driven-training.ts';

vi.mock('#runtime/ports', async () => (await import('./driven-training.ts')).portsOfTheWorld);
vi.mock('#runtime/step-functions', async () => (await import('./driven-training.ts')).tokensOfTheWorld);
vi.mock('#runtime/training-providers', async (original) => ({
  ...(await original<object>()),
  ...(await import('./driven-training.ts')).providersOfTheWorld,
}));
beforeAll(loadHandlers);

describe('a plain training', () => {
  it('goes from its start to a version of the model, and its execution is green', async () => {
    const world = await aTrainingWorld();
    const job = await world.start();
    await world.pass(240);
    const { history } = world.executionOf(job.id);
    expect(history).toMatchObject({ status: 'SUCCEEDED', transitions: 12 });
    expect(statesOf(world, job.id)).toEqual([
      'Curate Dataset',
      'Estimate Cost',
      'Claim Slot',
      'Train Model',
      'Judge Training',
      'Is The Model Trained?',
      'Evaluate Model',
      'Judge Evaluation',
      'Is It Evaluated?',
      'Register Model',
      'Settle',
      'Training Completed',
    ]);
    await restsIn(world, job.id, 'completed');
    expect(await world.store.findModelVersion('shop-coder', '1.0.0')).toMatchObject({ jobId: job.id, simulated: true });
  });

  it('takes the same few transitions, for a minute or an hour of training', async () => {
    const counts: number[] = [];
    for (const trainSeconds of [60, 3600]) {
      const world = await aTrainingWorld();
      const job = await world.start({ input: aTrainingInput({ simulation: { trainSeconds } }) });
      await world.pass(trainSeconds + 180);
      const { history } = world.executionOf(job.id);
      expect(history.status).toBe('SUCCEEDED');
      counts.push(history.transitions);
    }
    expect(counts).toEqual([12, 12]);
  });
});
