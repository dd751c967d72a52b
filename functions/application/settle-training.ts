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
import { changeWrites, readTraining } from './training-writes.ts';

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

/**
 * Settle, and Record Failure: how the job has ended. One that is still open when its execution broke fails with the reason, frees
 * its slot and keeps its cost; whoever has ended it otherwise was first.
 * Budget: the reservation of the attempt is settled with the real cost in the transaction of this change.
 */
export const makeSettleTraining = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ failure, ...step }: SettleTrainingInput): Promise<SettledTraining> => {
    const { job, live } = await readTraining(store, step.jobId);
    const isOpen = drives(step, job) && !isTerminalTraining(job.status) && job.status !== 'pending';
    if (!isOpen || failure === undefined)
      return { status: job.status, code: job.error?.code, message: job.error?.message };
    const change = moveTraining(job, { to: 'failed', error: errorOf(failure), at: isoNow(clock) });
    await store.commit(await changeWrites({ store, ids }, live, { change, live }));
    const { status, error } = change.after;
    return { status, code: error?.code, message: error?.message };
  };
  return (input: SettleTrainingInput): Promise<SettledTraining> => retryConflict(clock, () => decide(input));
};
