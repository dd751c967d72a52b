import { PreconditionFailed } from '#domain/errors';
import type { TrainingStore } from './ports/training-store.ts';
import { readTraining, type TrainingState } from './training-writes.ts';

/**
 * A job in the version that the client expects; any without one.
 * @throws NotFound, PreconditionFailed
 */
export const expectedTraining = async (
  store: TrainingStore,
  { jobId, ifVersion }: { readonly jobId: string; readonly ifVersion?: number | undefined },
): Promise<TrainingState> => {
  const state = await readTraining(store, jobId);
  if (ifVersion !== undefined && ifVersion !== state.job.version) throw new PreconditionFailed(state.job.version);
  return state;
};
