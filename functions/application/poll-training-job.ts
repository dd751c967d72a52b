import { advance, type Heard } from '#domain/training-job/advance';
import { isTerminalTraining } from '#domain/training-job/status';
import type { TrainingJob } from '#domain/training-job/training-job';
import { type Evaluate, makeContinueEvaluation } from './evaluate-model.ts';
import { makeWakeJob } from './job-wait.ts';
import type { Clock } from './ports/clock.ts';
import type { TaskTokens } from './ports/executions.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { ProviderJob, TrainingProviders } from './ports/training-provider.ts';
import type { Write } from './ports/write.ts';
import { makeReplaySamples } from './replay-samples.ts';
import { changeWrites, pointWrites, readTraining, type TrainingState } from './training-writes.ts';

export interface PollPorts {
  readonly store: TenantStore;
  readonly providers: TrainingProviders;
  /** Without them drivers are left to wake by the event of a change, or by the next look of the clock. */
  readonly tokens?: TaskTokens | undefined;
  readonly clock: Clock;
  readonly ids: Identifiers;
  /** Takes a comparison further that takes a while; absent where only the poller does. */
  readonly evaluate?: ((store: TenantStore) => Evaluate) | undefined;
}

/**
 * What a look at a job did: it moved or learned something, or there was nothing new, or its provider did not answer, or it answered
 * with a word that nobody knows.
 */
export type Polled = 'updated' | 'unchanged' | 'failed' | 'unknown';

const PROVIDER_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;

/** A job as its provider sees it; undefined before there is a dataset. */
export const providerJob = ({ job, input, live }: TrainingState): ProviderJob | undefined => {
  if (live.dataset === undefined || job.datasetId === undefined) return undefined;
  const { tenantId, attempt, baseModel, targetModelName, modelVersion, datasetId, cancelRequestedAt } = job;
  const { dataset, submittedAt, logPosition } = live;
  const known = {
    tenantId,
    jobId: job.id,
    attempt,
    baseModel,
    targetModelName,
    modelVersion,
    datasetId,
    dataset,
    input,
  };
  return { ...known, submittedAt, cancelRequestedAt, logPosition };
};

/** Tells the provider to stop an attempt that it may still be at work on, because the job ends without it. */
export const callOff = async (providers: TrainingProviders, state: TrainingState): Promise<void> => {
  const seen = providerJob(state);
  const { externalJobId, trainedAt } = state.live;
  if (seen === undefined || externalJobId === undefined || trainedAt !== undefined) return;
  await providers(state.job.provider).cancel(externalJobId, seen);
};

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
 * Looks at one job: tells its provider to stop where that was asked for, hears how the attempt stands, moves the job forward, and
 * completes the wait of its driver if that is over. A provider that does not answer leaves the job as it is.
 * @throws ConcurrentUpdate when somebody else moved the job meanwhile: then they looked at it, too
 */
export const makePollTrainingJob = ({ store, providers, tokens, clock, ids, evaluate }: PollPorts) => {
  const wake = tokens ? makeWakeJob({ store, tokens }) : undefined;

  /** Sessions that were to judge a model which nobody waits for any more. */
  const callOffReplay = ({ id: jobId, attempt }: Pick<TrainingJob, 'id' | 'attempt'>): Promise<void> =>
    makeReplaySamples({ store, clock, ids }).cancel({ jobId, attempt });

  /** Only what the driver has begun goes on here. */
  const compare = async ({ id: jobId, attempt, status }: TrainingJob): Promise<void> => {
    if (isTerminalTraining(status)) await callOffReplay({ id: jobId, attempt });
    if (evaluate === undefined || status !== 'evaluating') return;
    if ((await store.findReplay(jobId, attempt)) === undefined) return;
    await makeContinueEvaluation({ store, evaluate: evaluate(store) })({ jobId, attempt });
  };

  const ask = async (state: TrainingState): Promise<Heard> => {
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

  const look = async (state: TrainingState): Promise<Polled> => {
    let polled: Polled = 'unchanged';
    const news = await ask(state).catch(() => {
      polled = 'failed';
      return undefined;
    });
    if (typeof news === 'object' && news.status === 'unknown') polled = 'unknown';
    const { change, live, points } = advance(state, news, clock.now());
    if (change && isTerminalTraining(change.after.status) && news === undefined)
      await callOff(providers, state).catch(() => {
        polled = 'failed';
      });
    const writes: Write[] = change
      ? await changeWrites({ store, ids }, state.live, { change, live })
      : [{ kind: 'training-live', before: state.live, after: live }];
    await store.commit([...writes, ...pointWrites(live, points)]);
    if (change || points.length > 0 || live.trainedAt !== state.live.trainedAt) polled = 'updated';
    const job = change?.after ?? state.job;
    await compare(job);
    // also where nothing changed: whoever was to wake the driver may have been killed
    await wake?.(job.id, job.status === 'evaluating' ? undefined : { job, live });
    return polled;
  };

  return async (jobId: string): Promise<Polled> => {
    const state = await readTraining(store, jobId);
    const { status } = state.job;
    if (isTerminalTraining(status)) await callOffReplay(state.job);
    return isTerminalTraining(status) || status === 'pending' ? 'unchanged' : look(state);
  };
};
