import type { Heard } from '#domain/training-job/advance';
import type { Clock } from './ports/clock.ts';
import type { TrainingProviders } from './ports/training-provider.ts';
import { providerJob } from './provider-job.ts';
import type { TrainingState } from './training-writes.ts';

const PROVIDER_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;
/** Asks again when a provider does not answer. @throws what it answered the last time */
const patiently = async <T>(clock: Clock, ask: () => Promise<T>): Promise<T> => {
  for (let failures = 1; ; failures++) {
    try {
      return await ask();
    } catch (error) {
      if (failures >= PROVIDER_ATTEMPTS) throw error;
      await clock.pause(FIRST_PAUSE_MS * 2 ** (failures - 1));
    }
  }
};

/**
 * Hears how an attempt stands, after the provider was told to stop where somebody asked for that. Undefined where there is nothing to ask.
 * @throws what a provider that does not answer answered the last time
 */
export const makeAskProvider =
  ({ providers, clock }: { providers: TrainingProviders; clock: Clock }) =>
  async (state: TrainingState): Promise<Heard> => {
    const { job, live } = state;
    const seen = providerJob(state);
    const isAsked = job.status === 'queued' || job.status === 'running';
    const { externalJobId } = live;
    if (!isAsked || seen === undefined || externalJobId === undefined || live.trainedAt !== undefined) {
      // it is trained: only a wish to cancel is still to be heard
      return live.trainedAt !== undefined && job.cancelRequestedAt !== undefined && isAsked
        ? { status: 'cancelled', points: [] }
        : undefined;
    }
    const provider = providers(job.provider);
    if (job.cancelRequestedAt !== undefined) await patiently(clock, () => provider.cancel(externalJobId, seen));
    return patiently(clock, () => provider.status(externalJobId, seen));
  };
