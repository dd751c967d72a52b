import { nodeDigest } from '#adapters/node/node-digest';
import { makeSimulatedTraining } from '#adapters/simulated/simulated-training';
import { DEFAULT_SIMULATION } from '#domain/training-job/simulation';
import { trainingProviderContract } from '#test/ports/training-provider.contract';
import { aClock } from '#test/support/ports-in-memory';

trainingProviderContract('the simulation', async () => {
  const clock = aClock();
  return {
    provider: makeSimulatedTraining({ clock, digest: nodeDigest }),
    failNext: (job) => ({
      ...job,
      input: { ...job.input, simulation: { ...DEFAULT_SIMULATION, failAtProgress: 0.5 } },
    }),
    now: () => new Date(clock.now()).toISOString(),
    pass: clock.advance,
    close: async () => undefined,
  };
});
