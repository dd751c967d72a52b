import { drives } from '#domain/training-job/driver';
import { executionLost, recoverTraining } from '#domain/training-job/recover-job';
import { isTerminalTraining } from '#domain/training-job/status';
import { moveTraining } from '#domain/training-job/transition';
import type { TrainingStep } from './estimate-cost.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import { changeWrites, readTraining, trainingWrites } from './training-writes.ts';

/** What became of a job whose execution was said to be lost; `orphaned`: it was given up. */
export type RecoveredTraining = 'recovered' | 'orphaned' | 'settled';

/**
 * Starts a new execution of an attempt whose execution is lost; its slot and the training at its provider go on. One that is lost again
 * and again without progress ends the job with the reason. About an execution that does not drive the job any more nothing is done.
 */
export const makeRecoverTraining = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async (step: TrainingStep): Promise<RecoveredTraining> => {
    const { job, live } = await readTraining(store, step.jobId);
    const isOver = job.status === 'pending' || isTerminalTraining(job.status);
    if (isOver || !drives(step, job)) return 'settled';
    const at = isoNow(clock);
    const wait = await store.findJobWait(job.id);
    // its token belongs to the execution that is lost
    const removed = wait ? [{ kind: 'job-wait-removed', wait } as const] : [];
    const after = { ...live, driverMissingSince: undefined };
    const change = recoverTraining(job, live, at);
    if (change === undefined) {
      const failed = moveTraining(job, { to: 'failed', at, error: executionLost });
      await store.commit([...(await changeWrites({ store, ids }, live, { change: failed, live: after })), ...removed]);
      return 'orphaned';
    }
    await store.commit([...trainingWrites(change, ids), { kind: 'training-live', before: live, after }, ...removed]);
    return 'recovered';
  };
  return (step: TrainingStep): Promise<RecoveredTraining> => retryConflict(clock, () => decide(step));
};
