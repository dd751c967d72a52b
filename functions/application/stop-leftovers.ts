import { cannotBegin } from '#domain/training-job/leftover';
import type { Leftover } from '#domain/training-job/training-job';
import type { Clock } from './ports/clock.ts';
import type { TrainingProviders } from './ports/training-provider.ts';
import { providerJob } from './provider-job.ts';
import type { TrainingState } from './training-writes.ts';

/** What is left after a look, and what a provider that failed to answer said. */
export interface LeftoverLook {
  readonly leftovers: readonly Leftover[];
  readonly failures: readonly unknown[];
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/**
 * Tells providers to stop trainings whose attempts have ended, until each of them says that it has. A stop that fails is repeated
 * with the next look, and so is one that there is no time for.
 */
export const makeStopLeftovers = ({ providers, clock }: { providers: TrainingProviders; clock: Clock }) => {
  /** Whether the provider is done with it. @throws when it does not answer */
  const isOver = async ({ job, input, live }: TrainingState, leftover: Leftover): Promise<boolean> => {
    const { attempt, submittedAt, dataset, since } = leftover;
    const ended = { ...job, attempt, cancelRequestedAt: since };
    const seen = providerJob({ job: ended, input, live: { ...live, attempt, submittedAt, dataset } });
    if (seen === undefined) return true;
    const provider = providers(job.provider);
    const name = leftover.externalJobId ?? provider.nameOf(seen);
    await provider.cancel(name, seen);
    const heard = await provider.status(name, seen);
    return heard === 'missing' ? cannotBegin(leftover, clock.now()) : ENDED.has(heard.status);
  };

  return async (state: TrainingState, until: number): Promise<LeftoverLook> => {
    const leftovers: Leftover[] = [];
    const failures: unknown[] = [];
    for (const leftover of state.live.leftovers ?? []) {
      const isTime = clock.now() < until;
      const isDone = isTime && (await isOver(state, leftover).catch((error: unknown) => void failures.push(error)));
      if (!isDone) leftovers.push(leftover);
    }
    return { leftovers, failures };
  };
};
