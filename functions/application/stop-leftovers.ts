import { cannotBegin } from '#domain/training-job/leftover';
import type { Leftover } from '#domain/training-job/training-job';
import type { Clock } from './ports/clock.ts';
import type { TrainingProviders } from './ports/training-provider.ts';
import { providerJob } from './provider-job.ts';
import type { TrainingState } from './training-writes.ts';

/** What is left after a look, and whether the provider failed to answer. */
export interface LeftoverLook {
  readonly leftovers: readonly Leftover[];
  readonly hasFailed: boolean;
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/**
 * Tells providers to stop trainings whose attempts have ended, until each of them says that it has. A stop that fails is repeated
 * with the next look.
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

  return async (state: TrainingState): Promise<LeftoverLook> => {
    const leftovers: Leftover[] = [];
    let hasFailed = false;
    for (const leftover of state.live.leftovers ?? []) {
      const isDone = await isOver(state, leftover).catch(() => {
        hasFailed = true;
        return false;
      });
      if (!isDone) leftovers.push(leftover);
    }
    return { leftovers, hasFailed };
  };
};
