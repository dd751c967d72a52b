import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderJob, TrainingProvider } from '#application/ports/training-provider';
import { aProviderJob } from '#test/support/a-provider-job';

/** A provider with a clock that only the test moves. */
export interface ProviderWorld {
  readonly provider: TrainingProvider;
  /** The next attempt that is begun fails after so many seconds. */
  readonly failNext: (job: ProviderJob, afterSeconds: number) => ProviderJob;
  /** When it is, ISO. */
  readonly now: () => string;
  readonly pass: (seconds: number) => void;
  readonly close: () => Promise<void>;
}

/** Longer than any training of these tests, and than what a container has to save its work. */
const LONG = 3600;

/** What every provider of trainings guarantees. */
export const trainingProviderContract = (name: string, aWorld: () => Promise<ProviderWorld>): void => {
  describe(`${name} as a provider of trainings`, () => {
    let world: ProviderWorld;

    beforeEach(async () => {
      world = await aWorld();
    });
    afterEach(() => world.close());

    const begin = async (job: ProviderJob) => {
      const { externalJobId } = await world.provider.start(job);
      return { externalJobId, job: { ...job, submittedAt: world.now() } };
    };
    const look = async ({ externalJobId, job }: { externalJobId: string; job: ProviderJob }) => {
      const report = await world.provider.status(externalJobId, job);
      if (report === 'missing') throw new Error('the provider lost the attempt');
      return report;
    };

    it('begins an attempt once, however often it is asked', async () => {
      const { externalJobId } = await begin(aProviderJob());
      expect((await begin(aProviderJob())).externalJobId).toBe(externalJobId);
      expect((await begin(aProviderJob({ attempt: 2 }))).externalJobId).not.toBe(externalJobId);
      expect((await begin(aProviderJob({ jobId: '01JD8X5YB2M0Q4V6T8W1Z3C5EB' }))).externalJobId).not.toBe(
        externalJobId,
      );
    });

    it('tells a training from its queue to its end', async () => {
      const begun = await begin(aProviderJob());
      expect(await look(begun)).toMatchObject({ status: 'queued', phase: 'preparing', points: [] });
      world.pass(LONG);
      const end = await look(begun);
      expect(end).toMatchObject({ status: 'completed', progress: 1, totalSteps: 339 });
      expect(end.error).toBeUndefined();
      expect(end.points.at(-1)?.step).toBe(339);
      expect(end.finalMetrics?.finalLoss).toBe(end.points.at(-1)?.trainLoss);
      expect(await look(begun)).toEqual(end);
    });

    it('says why a training failed', async () => {
      const begun = await begin(world.failNext(aProviderJob(), 10));
      world.pass(LONG);
      const { status, error } = await look(begun);
      expect(status).toBe('failed');
      expect(error?.code).toMatch(/^[A-Z_]+$/);
      expect(error?.message).not.toBe('');
    });

    it('does not know what it never began', async () => {
      expect(await world.provider.status('nobody', aProviderJob())).toBe('missing');
    });

    it('ends a training that is cancelled, however often', async () => {
      const begun = await begin(aProviderJob());
      for (const _ of ['once', 'twice']) expect(await world.provider.cancel(begun.externalJobId, begun.job)).toBe(true);
      const asked = { ...begun, job: { ...begun.job, cancelRequestedAt: world.now() } };
      world.pass(LONG);
      expect((await look(asked)).status).toBe('cancelled');
      expect(await world.provider.cancel(begun.externalJobId, asked.job)).toBe(true);
    });

    it('takes the cancelling of what has ended or never was for done', async () => {
      const begun = await begin(aProviderJob());
      world.pass(LONG);
      expect(await world.provider.cancel(begun.externalJobId, begun.job)).toBe(true);
      expect((await look(begun)).status).toBe('completed');
      expect(await world.provider.cancel('nobody', aProviderJob())).toBe(true);
    });
  });
};
