import type { Heard } from '#domain/training-job/advance';
import type { Clock } from './ports/clock.ts';
import { ProviderRefused, type TrainingProviders } from './ports/training-provider.ts';
import { providerJob } from './provider-job.ts';
import type { TrainingState } from './training-writes.ts';

const PROVIDER_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;

/** Asks again when a provider does not answer, as long as there is time. @throws what it answered the last time, and a refusal at once */
export const patiently = async <T>(clock: Clock, until: number, ask: () => Promise<T>): Promise<T> => {
  for (let failures = 1; ; failures++) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof ProviderRefused || failures >= PROVIDER_ATTEMPTS || clock.now() >= until) throw error;
      // any time up to a limit that doubles, so that those who failed together do not ask again together
      await clock.pause(Math.random() * FIRST_PAUSE_MS * 2 ** failures);
    }
  }
};

/**
 * Hears how an attempt stands, after the provider was told to stop where somebody asked for that. Undefined where there is nothing to ask.
 * @throws what a provider that does not answer answered the last time
 */
export const makeAskProvider =
  ({ providers, clock }: { providers: TrainingProviders; clock: Clock }) =>
  async (state: TrainingState, until: number): Promise<Heard> => {
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
    if (job.cancelRequestedAt !== undefined) await patiently(clock, until, () => provider.cancel(externalJobId, seen));
    return patiently(clock, until, () => provider.status(externalJobId, seen));
  };
