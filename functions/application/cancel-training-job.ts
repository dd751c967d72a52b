import { cancelTrainingJob } from '#domain/training-job/cancel-job';
import { isTerminalTraining } from '#domain/training-job/status';
import { remembered } from './change-writes.ts';
import { expectedTraining } from './expected-training.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';
import { changeWrites, type TrainingState } from './training-writes.ts';

export interface CancelTrainingJobInput {
  readonly jobId: string;
  readonly reason?: string | undefined;
  readonly ifVersion?: number | undefined;
  readonly remember?: ((state: TrainingState) => IdempotencyRecord) | undefined;
}

/**
 * Cancels a job at once, or asks its provider to stop. Repeating it changes nothing. A job whose version is registered is
 * completed by the same transaction: there is nothing left to cancel.
 * @throws NotFound, InvalidTrainingMove, PreconditionFailed
 */
export const makeCancelTrainingJob = ({
  store,
  clock,
  ids,
}: {
  store: TenantStore;
  clock: Clock;
  ids: Identifiers;
}) => {
  const decide = async ({ remember, reason, ...asked }: CancelTrainingJobInput): Promise<TrainingState> => {
    const { job, input, live } = await expectedTraining(store, asked);
    const at = isoNow(clock);
    const change = cancelTrainingJob(job, live, { reason, at });
    if (change === undefined) return { job, input, live };
    const hasEnded = isTerminalTraining(change.after.status);
    const after = { ...live, ...(hasEnded ? {} : { phase: 'stopping' as const, dueAt: at }) };
    // its execution is stopped, so nobody else would
    const wait = hasEnded ? await store.findJobWait(job.id) : undefined;
    const state = { job: change.after, input, live: after };
    await store.commit([
      ...(await changeWrites({ store, ids }, live, { change, live: after })),
      ...(wait ? [{ kind: 'job-wait-removed', wait } as const] : []),
      ...remembered(remember?.(state)),
    ]);
    return state;
  };
  return (input: CancelTrainingJobInput): Promise<TrainingState> => retryConflict(clock, () => decide(input));
};
