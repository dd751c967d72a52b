import { type BrokenStep, brokenStepText } from '#domain/broken-step';
import { drives } from '#domain/training-job/driver';
import { isTerminalTraining, type TrainingStatus } from '#domain/training-job/status';
import type { TrainingError } from '#domain/training-job/training-job';
import { moveTraining } from '#domain/training-job/transition';
import type { TrainingStep } from './estimate-cost.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import { changeWrites, readTraining, type TrainingState } from './training-writes.ts';

export interface SettleTrainingInput extends TrainingStep {
  /** Why the execution could not go on, when that is the reason for the end. */
  readonly failure?: BrokenStep | undefined;
}

export interface SettledTraining {
  readonly status: TrainingStatus;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

/** The states that compare, by the names that the machine has for them. */
const COMPARING: readonly string[] = ['Evaluate Model', 'Judge Evaluation'];

const errorOf = (failure: BrokenStep): TrainingError =>
  COMPARING.includes(failure.state)
    ? { code: 'EVALUATION_FAILED', message: `the comparison of the model broke: ${brokenStepText(failure)}` }
    : { code: 'TRAINING_BROKEN', message: `the job's execution failed: ${brokenStepText(failure)}` };

const targetOf = ({ job, live }: TrainingState, failure: BrokenStep | undefined) => {
  if (failure !== undefined) return { to: 'failed', error: errorOf(failure) } as const;
  const isDone =
    job.status === 'evaluating' || (job.status === 'running' && !job.isGated && live.trainedAt !== undefined);
  return isDone ? ({ to: 'completed' } as const) : undefined;
};

/**
 * Settle: one transaction completes the job, frees its slot and keeps its cost. One that somebody else has ended stays as it is.
 * Budget: the reservation of the attempt is settled with the real cost in the transaction of this change.
 */
export const makeSettleTraining = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ failure, ...step }: SettleTrainingInput): Promise<SettledTraining> => {
    const state = await readTraining(store, step.jobId);
    const { job, live } = state;
    const isOpen = drives(step, job) && !isTerminalTraining(job.status) && job.status !== 'pending';
    const target = isOpen ? targetOf(state, failure) : undefined;
    if (target === undefined) return { status: job.status, code: job.error?.code, message: job.error?.message };
    const change = moveTraining(job, { ...target, at: isoNow(clock) });
    await store.commit(await changeWrites({ store, ids }, live, { change, live }));
    const { status, error } = change.after;
    return { status, code: error?.code, message: error?.message };
  };
  return (input: SettleTrainingInput): Promise<SettledTraining> => retryConflict(clock, () => decide(input));
};
