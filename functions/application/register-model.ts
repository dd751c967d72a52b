import { servingName } from '#domain/evaluation/gate-rules';
import { registerVersion } from '#domain/model/register-version';
import { drives } from '#domain/training-job/driver';
import { registrationOf, versionTaken } from '#domain/training-job/registration';
import { moveTraining, type TrainingMove } from '#domain/training-job/transition';
import type { TrainingStep } from './estimate-cost.ts';
import { modelWrites } from './model-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';
import { changeWrites, claimKept, readTraining, type TrainingState } from './training-writes.ts';

/** The job has no version, and will not get one from this execution. The name is the one that the machine catches. */
export class ModelNotRegistered extends Error {
  override readonly name = 'ModelNotRegistered';
}

/**
 * Register Model: one transaction keeps what the job made as the version that it has claimed, completes the job, frees its slot
 * and settles its cost. So there is a version exactly where there is a completed job, and whoever cancels it meanwhile is
 * either heard before that, and there is no version, or comes too late.
 * @throws ModelNotRegistered for a job that has ended otherwise, or ends here without a version
 */
export const makeRegisterModel = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const versionOf = async ({ job, input, live }: TrainingState, at: string): Promise<readonly Write[]> => {
    const { id: jobId, tenantId, attempt, datasetId, targetModelName: modelName, modelVersion: version } = job;
    if (live.dataset === undefined || datasetId === undefined)
      throw new Error(`training job ${jobId} does not know what it has learned from`);
    const { baseModel, provider, simulated, createdBy } = job;
    const change = registerVersion(
      await store.findModel(modelName),
      {
        tenantId,
        modelName,
        version,
        jobId,
        attempt,
        datasetId,
        datasetSha256: live.dataset.sha256,
        baseModel,
        parameters: input.parameters,
        metrics: live.metrics ?? null,
        evaluation: live.evaluation ?? null,
        artifactUri: live.artifactUri ?? null,
        servingModelIdentifier: servingName(input.gate.servingModelIdentifier, version),
        provider,
        simulated,
        createdBy,
        outcome: live.evaluation?.outcome ?? 'skipped',
        autoPromote: input.gate.autoPromote,
      },
      at,
    );
    return modelWrites(change, ids);
  };

  const end = async ({ job, live }: TrainingState, move: TrainingMove, made: readonly Write[]) => {
    const change = moveTraining(job, move);
    const ending = await changeWrites({ store, ids }, live, { change, live });
    await store.commit([...made, ...(move.to === 'completed' ? [claimKept(job)] : []), ...ending]);
  };

  const decide = async (step: TrainingStep): Promise<void> => {
    const state = await readTraining(store, step.jobId);
    const { job, live } = state;
    // this step has been here before
    if (job.attempt === step.attempt && job.status === 'completed') return;
    if (!drives(step, job)) throw new ModelNotRegistered('another execution drives the job');
    const maker = await store.findModelVersion(job.targetModelName, job.modelVersion);
    const registration = registrationOf(job, live, maker);
    const at = isoNow(clock);
    if (registration === 'none') throw new ModelNotRegistered(`the job is ${job.status}`);
    if (registration === 'cancel') {
      await end(state, { to: 'cancelled', at }, []);
      throw new ModelNotRegistered('somebody has cancelled the job');
    }
    if (registration === 'taken' && maker !== undefined) {
      const error = versionTaken(job, maker);
      await end(state, { to: 'failed', at, error }, []);
      throw new ModelNotRegistered(error.message);
    }
    await end(state, { to: 'completed', at }, registration === 'register' ? await versionOf(state, at) : []);
  };
  return (step: TrainingStep): Promise<void> => retryConflict(clock, () => decide(step));
};
