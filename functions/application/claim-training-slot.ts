import { drives } from '#domain/training-job/driver';
import { gateWrites } from './change-writes.ts';
import type { TrainingStep } from './estimate-cost.ts';
import { makeAwaitJob } from './job-wait.ts';
import type { Clock } from './ports/clock.ts';
import type { TaskTokens } from './ports/executions.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import { takeTrainingPlace } from './training-slot.ts';
import { readTraining } from './training-writes.ts';

/**
 * Claim Slot: takes a slot of the tenant's training jobs, or a place among those who wait for one, and waits until it is a slot.
 * A place that was taken before is kept. Budget: a job that none is left for is to wait here, too.
 */
export const makeClaimTrainingSlot = ({
  store,
  tokens,
  clock,
  ids,
}: {
  store: TenantStore;
  tokens: TaskTokens;
  clock: Clock;
  ids: Identifiers;
}) => {
  const take = async (step: TrainingStep): Promise<void> => {
    const { jobId } = step;
    const { job, live } = await readTraining(store, jobId);
    if (!drives(step, job) || job.status !== 'queued' || live.place !== undefined) return;
    const { place, change } = await takeTrainingPlace(store, jobId, { ticket: ids.ulid(), now: clock.now() });
    const phase = change.addHolder === undefined ? ('waiting_for_slot' as const) : undefined;
    await store.commit([
      ...gateWrites(change),
      { kind: 'training-live', before: live, after: { ...live, place, phase } },
    ]);
  };

  return async ({ taskToken, ...step }: TrainingStep & { taskToken: string }): Promise<void> => {
    await retryConflict(clock, () => take(step));
    await makeAwaitJob({ store, tokens, clock })({ ...step, state: 'claim-training-slot', taskToken });
  };
};
