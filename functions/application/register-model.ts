import { servingName } from '#domain/evaluation/gate-rules';
import { registerVersion } from '#domain/model/register-version';
import { drives } from '#domain/training-job/driver';
import type { TrainingStep } from './estimate-cost.ts';
import { modelWrites } from './model-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import { readTraining } from './training-writes.ts';

/** Register Model: keeps what the job made as the version that the job has claimed. A version that is there already stays. */
export const makeRegisterModel = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async (step: TrainingStep): Promise<void> => {
    const { jobId, attempt } = step;
    const { job, input, live } = await readTraining(store, jobId);
    const isDone = job.status === 'evaluating' || (job.status === 'running' && live.trainedAt !== undefined);
    if (!drives(step, job) || !isDone || live.dataset === undefined || job.datasetId === undefined) return;
    const { targetModelName: modelName, modelVersion: version, baseModel, provider, simulated, createdBy } = job;
    if (await store.findModelVersion(modelName, version)) return;
    const change = registerVersion(
      await store.findModel(modelName),
      {
        tenantId: job.tenantId,
        modelName,
        version,
        jobId,
        attempt,
        datasetId: job.datasetId,
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
      isoNow(clock),
    );
    await store.commit(modelWrites(change, ids));
  };
  return (step: TrainingStep): Promise<void> => retryConflict(clock, () => decide(step));
};
