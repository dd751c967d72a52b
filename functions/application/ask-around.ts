import type { Heard } from '#domain/training-job/advance';
import type { Remains } from '#domain/training-job/leftover';
import { isTerminalTraining } from '#domain/training-job/status';
import { makeAskProvider } from './ask-provider.ts';
import { makeCallOffReplay } from './call-off-replay.ts';
import type { PollPorts } from './poll-ports.ts';
import { makeStopLeftovers } from './stop-leftovers.ts';
import { type Told, toldOnce } from './told-once.ts';
import type { TrainingFailure } from './training-trouble.ts';
import type { TrainingState } from './training-writes.ts';

/** No question begins later in a look: what the last one takes is left of the time of a tick. */
const PATIENCE_MS = 4000;

/** That a provider did not answer, and what it said instead. */
export interface Silence {
  readonly providerError: string;
}

const MOST_CHARACTERS = 300;

/** What is shown of an error to the people of the tenant. */
const silence = (error: unknown): Silence => {
  const text = error instanceof Error && error.message !== '' ? error.message : String(error);
  return { providerError: [...text].slice(0, MOST_CHARACTERS).join('') };
};

/** What others say of a job in a look at it. */
export interface Answers {
  readonly news: Heard | Silence;
  /** What is left running of attempts that have ended. */
  readonly remains: Remains;
  /** Whether something could not be stopped. */
  readonly hasFailed: boolean;
}

/** Whether a provider did not answer. */
export const isSilence = (news: Answers['news']): news is Silence =>
  typeof news === 'object' && 'providerError' in news;

/**
 * Hears how an attempt stands and stops what earlier ones left running, within the time that a look has for it. Each is asked once as long
 * as the job stands as it does.
 */
export const makeAskAround = ({
  store,
  providers,
  clock,
  ids,
  note,
}: Pick<PollPorts, 'store' | 'providers' | 'clock' | 'ids' | 'note'>) => {
  const ask = makeAskProvider({ providers, clock });
  const stopLeftovers = makeStopLeftovers({ providers, clock });
  const callOffReplay = makeCallOffReplay({ store, clock, ids });
  const failed = (jobId: string, during: TrainingFailure['during']) => (error: unknown) =>
    note?.({ tenantId: store.tenantId, jobId, during, error });

  /** Calls off sessions that were to judge models which nobody waits for any more. Answers the attempts that have some left. */
  const callOffReplays = async ({ job, live }: TrainingState): Promise<readonly number[]> => {
    const open: number[] = [];
    for (const attempt of live.openReplays ?? [])
      await callOffReplay({ jobId: job.id, attempt }).catch((error: unknown) => {
        failed(job.id, 'call off')(error);
        open.push(attempt);
      });
    return open;
  };

  /** Stops what attempts that have ended left running. */
  const stopRemains = async (state: TrainingState, until: number) => {
    const openReplays = await callOffReplays(state);
    const { leftovers, failures } = await stopLeftovers(state, until);
    failures.forEach(failed(state.job.id, 'stop'));
    return { remains: { leftovers, openReplays }, hasFailed: failures.length > 0 || openReplays.length > 0 };
  };

  return async (state: TrainingState, told: Told): Promise<Answers> => {
    const { job, live } = state;
    const until = clock.now() + PATIENCE_MS;
    const asOf = `${job.version}#${live.revision}`;
    const isUnderWay = !isTerminalTraining(job.status) && job.status !== 'pending';
    const heard = (): Promise<Answers['news']> =>
      ask(state, until).catch((error: unknown) => {
        failed(job.id, 'ask')(error);
        return silence(error);
      });
    const news = isUnderWay ? await toldOnce(told, `news ${asOf}`, heard) : undefined;
    return { news, ...(await toldOnce(told, `remains ${asOf}`, () => stopRemains(state, until))) };
  };
};
