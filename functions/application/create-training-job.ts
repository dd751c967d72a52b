import { ConcurrentUpdate } from '#domain/errors';
import type { Actor } from '#domain/event';
import { nextVersion } from '#domain/model/next-version';
import type { Bump } from '#domain/model/semver';
import { createTrainingJob, type NewTrainingJob } from '#domain/training-job/create-job';
import { mustBecomeReady } from '#domain/training-job/dataset-facts';
import { ModelVersionExists } from '#domain/training-job/errors';
import { estimateTraining } from '#domain/training-job/estimate';
import type { PriceTable } from '#domain/training-job/price-table';
import { freshTrainingLive } from '#domain/training-job/retry-job';
import type { TrainingInput } from '#domain/training-job/training-job';
import { remembered } from './change-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';
import { queueTraining } from './start-training-job.ts';
import { mustAllowTraining } from './training-consent.ts';
import { claimWrite, type TrainingState, trainingWrites, useWrites } from './training-writes.ts';

export interface CreateTrainingJobInput {
  readonly fields: Pick<NewTrainingJob, 'baseModel' | 'targetModelName' | 'datasetId' | 'provider'>;
  /** The version to make, or which number of the latest one to raise. */
  readonly version: string | { readonly bump: Bump };
  readonly input: TrainingInput;
  readonly autoStart: boolean;
  readonly actor: Actor & { readonly id: string };
  readonly remember?: ((state: TrainingState) => IdempotencyRecord) | undefined;
}

export interface CreateTrainingPorts {
  readonly store: TenantStore;
  readonly prices: PriceTable;
  readonly clock: Clock;
  readonly ids: Identifiers;
}

/**
 * Creates a job, and starts it in the same transaction when asked.
 * @throws NotFound for an unknown dataset
 * @throws DatasetUnusable for one that will never be ready
 * @throws ModelVersionExists, InstanceTypeUnknown; when it is to start, whatever a start throws. Then nothing is created
 */
export const makeCreateTrainingJob = ({ store, prices, clock, ids }: CreateTrainingPorts) => {
  /** After the highest one that is there, or that a job is about to make. */
  const next = async (modelName: string, bump: Bump): Promise<string> => {
    const [claimed, { items }] = await Promise.all([
      store.listVersionClaims(modelName),
      store.listModelVersions(modelName, { limit: 1 }),
    ]);
    return nextVersion([...claimed, ...items.map(({ version }) => version)], bump);
  };

  const chosen = async (modelName: string, version: string): Promise<string> => {
    if (await store.findModelVersion(modelName, version)) throw new ModelVersionExists(modelName, version);
    return version;
  };

  const decide = async ({ fields, version, input, autoStart, actor, remember }: CreateTrainingJobInput) => {
    const at = isoNow(clock);
    if (autoStart) await mustAllowTraining(store);
    const dataset = fields.datasetId === undefined ? undefined : await store.getDataset(fields.datasetId);
    if (dataset !== undefined) mustBecomeReady(dataset);
    const modelVersion =
      typeof version === 'string'
        ? await chosen(fields.targetModelName, version)
        : await next(fields.targetModelName, version.bump);
    const created = createTrainingJob(
      {
        ...fields,
        tenantId: store.tenantId,
        id: ids.ulid(),
        modelVersion,
        isGated: input.gate.enabled,
        createdBy: actor.id,
      },
      at,
    );
    const estimate = estimateTraining(
      {
        ...input,
        provider: fields.provider,
        trainTokens: dataset?.status === 'ready' ? dataset.tokens.train : undefined,
      },
      prices,
    );
    const fresh = freshTrainingLive(created.after.id, created.after.attempt, { estimate });
    const { change, live } = autoStart
      ? queueTraining(created, fresh, dataset, clock.now())
      : { change: created, live: fresh };
    const state = { job: change.after, input, live };
    await store.commit([
      ...trainingWrites(change, ids),
      { kind: 'training-input', jobId: change.after.id, input },
      { kind: 'training-live', before: null, after: live },
      claimWrite(change.after),
      ...useWrites(dataset, change.after.id),
      ...remembered(remember?.(state)),
    ]);
    return state;
  };

  const once = (input: CreateTrainingJobInput) =>
    decide(input).catch((error: unknown) => {
      const isTaken = error instanceof ConcurrentUpdate && error.what === 'version-claim';
      if (isTaken && typeof input.version === 'string')
        throw new ModelVersionExists(input.fields.targetModelName, input.version);
      throw error;
    });
  return (input: CreateTrainingJobInput): Promise<TrainingState> => retryConflict(clock, () => once(input));
};
