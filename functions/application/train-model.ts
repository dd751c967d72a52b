import { nextLook } from '#domain/training-job/deadline';
import { drives } from '#domain/training-job/driver';
import { moveTraining } from '#domain/training-job/transition';
import { patiently } from './ask-provider.ts';
import type { TrainingStep } from './estimate-cost.ts';
import { makeAwaitJob } from './job-wait.ts';
import type { PollPorts } from './poll-ports.ts';
import { isoNow } from './ports/clock.ts';
import type { TaskTokens } from './ports/executions.ts';
import { type ProviderJob, ProviderRefused } from './ports/training-provider.ts';
import { providerJob } from './provider-job.ts';
import { retryConflict } from './retry-conflict.ts';
import { TRAINING_GATE } from './training-slot.ts';
import { changeWrites, readTraining, type TrainingState } from './training-writes.ts';

/** How long a provider that does not answer is asked again to begin, before the step fails and is tried again. */
const START_MS = 10_000;

/**
 * Train Model: hands the attempt to its provider and waits until that is done with it. That it is about to be handed over is
 * stored first: whoever cancels the job from then on asks the provider to stop.
 */
export const makeTrainModel = ({
  store,
  providers,
  tokens,
  clock,
  ids,
}: PollPorts & { readonly tokens: TaskTokens }) => {
  const isReady = async ({ job, live }: TrainingState, step: TrainingStep) =>
    drives(step, job) &&
    job.status === 'queued' &&
    live.externalJobId === undefined &&
    (await store.findHolder(TRAINING_GATE, job.id)) !== undefined;

  const announce = async (step: TrainingStep): Promise<void> => {
    const state = await readTraining(store, step.jobId);
    if (state.live.submittingAt !== undefined || !(await isReady(state, step))) return;
    const after = { ...state.live, submittingAt: isoNow(clock), phase: 'preparing' as const };
    await store.commit([{ kind: 'training-live', before: state.live, after }]);
  };

  const refuse = async ({ job, live }: TrainingState, { message }: ProviderRefused) => {
    const end = job.cancelRequestedAt === undefined ? 'failed' : 'cancelled';
    const error = end === 'failed' ? { code: 'TRAINING_REFUSED', message } : undefined;
    const change = moveTraining(job, { to: end, at: isoNow(clock), error });
    await store.commit(
      await changeWrites({ store, ids }, live, { change, live: { ...live, submittingAt: undefined } }),
    );
  };

  const handOver = async ({ job, live }: TrainingState, seen: ProviderJob) => {
    // a start that is repeated finds the training by its name
    const start = () => providers(job.provider).start(seen);
    const { externalJobId } = await patiently(clock, clock.now() + START_MS, start);
    const now = clock.now();
    const taken = { externalJobId, submittedAt: new Date(now).toISOString(), dueAt: nextLook(job, now) };
    await store.commit([{ kind: 'training-live', before: live, after: { ...live, ...taken } }]);
  };

  const submit = async (step: TrainingStep): Promise<void> => {
    const state = await readTraining(store, step.jobId);
    const seen = providerJob(state);
    if (seen === undefined || !(await isReady(state, step))) return;
    try {
      await handOver(state, seen);
    } catch (error) {
      if (!(error instanceof ProviderRefused)) throw error;
      await refuse(state, error);
    }
  };

  return async ({ taskToken, ...step }: TrainingStep & { taskToken: string }): Promise<void> => {
    await retryConflict(clock, () => announce(step));
    await retryConflict(clock, () => submit(step));
    await makeAwaitJob({ store, tokens, clock })({ ...step, state: 'train-model', taskToken });
  };
};
