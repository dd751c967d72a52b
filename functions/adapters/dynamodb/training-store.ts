import type { StoredEvent } from '#application/ports/page';
import type { TrainingStore } from '#application/ports/training-store';
import { NotFound } from '#domain/errors';
import type { EvaluatedPair } from '#domain/evaluation/evaluation';
import type { Replay } from '#domain/evaluation/replay';
import type { MetricPoint } from '#domain/training-job/metric-point';
import type { TrainingInput, TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import type { JobWait } from '#domain/training-job/wait';
import type { ItemEngine } from './item-engine.ts';
import { entityOf, finderOn } from './stored-entity.ts';
import * as keys from './table.ts';
import { isStillWaiting, jobWaitOperation } from './training-operation.ts';
import { tried } from './tried.ts';

/** More pages than an attempt can have points. */
const MAX_PAGES = 200;
const MAX_CLAIMS = 10_000;
const MAX_USERS = 1000;

/** Training jobs of one tenant. */
export const makeTrainingStore = (engine: ItemEngine, tenantId: string): TrainingStore => {
  const find = finderOn(engine);
  const findTrainingJob = (id: string) => find<TrainingJob>(keys.trainingJobKey(tenantId, id), 'training-job');

  return {
    findTrainingJob,
    async getTrainingJob(id) {
      const job = await findTrainingJob(id);
      if (job === undefined) throw new NotFound('training_job');
      return job;
    },
    findTrainingInput: (id) => find<TrainingInput>(keys.trainingInputKey(tenantId, id), 'training-input'),
    findTrainingLive: (id) => find<TrainingLive>(keys.trainingLiveKey(tenantId, id), 'training-live'),
    async findTrainingLives(ids) {
      const items = await engine.getMany(ids.map((id) => keys.trainingLiveKey(tenantId, id)));
      const lives = items.map((item) => entityOf<TrainingLive>(item, 'training-live') as TrainingLive);
      return new Map(lives.map((live) => [live.jobId, live]));
    },
    async listTrainingJobs({ limit, after }) {
      const pk = keys.trainingJobsByTime(tenantId);
      const found = await engine.query({ index: 'gsi1', pk, after, descending: true, limit });
      const items = await engine.getMany(found);
      return {
        items: items.map((item) => entityOf<TrainingJob>(item, 'training-job') as TrainingJob),
        next: found.length < limit ? undefined : (found.at(-1)?.['gsi1sk'] as string | undefined),
      };
    },
    async listTrainingPoints(id, attempt) {
      const { pk } = keys.trainingJobKey(tenantId, id);
      const pages = await engine.query({ pk, prefix: keys.PREFIX.points(attempt), limit: MAX_PAGES });
      return pages.flatMap((page) => entityOf<{ points: MetricPoint[] }>(page, 'training-points')?.points ?? []);
    },
    findReplay: (id, attempt) => find<Replay>(keys.replayKey(tenantId, id, attempt), 'replay'),
    async findEvaluatedPairs(id, attempt) {
      const found = await find<{ pairs: EvaluatedPair[] }>(
        keys.evaluatedPairsKey(tenantId, id, attempt),
        'evaluated-pairs',
      );
      return found?.pairs ?? [];
    },
    async listTrainingEvents(id, { afterSeq, limit }) {
      const { pk, sk } = keys.eventKey(tenantId, `training_job:${id}`, afterSeq);
      const found = await engine.query({ pk, prefix: keys.PREFIX.event, after: sk, limit });
      const items = found.map((item) => entityOf<StoredEvent>(item, 'event') as StoredEvent);
      return { items, next: found.length < limit ? undefined : String(items.at(-1)?.seq) };
    },
    async listVersionClaims(modelName) {
      const { pk } = keys.versionClaimKey(tenantId, modelName, '');
      const found = await engine.query({ pk, prefix: keys.PREFIX.versionClaim, limit: MAX_CLAIMS });
      return found.map((item) => (entityOf<{ version: string }>(item, 'version-claim') as { version: string }).version);
    },
    async listDatasetUsers(datasetId) {
      const { pk } = keys.datasetKey(tenantId, datasetId);
      const found = await engine.query({ pk, prefix: keys.PREFIX.datasetUse, limit: MAX_USERS });
      return found.map((item) => (entityOf<{ jobId: string }>(item, 'dataset-use') as { jobId: string }).jobId);
    },
    findJobWait: (id) => find<JobWait>(keys.jobWaitKey(tenantId, id), 'job-wait'),
    putJobWait: (wait) => tried(engine, jobWaitOperation(tenantId, wait)),
    async removeJobWait(wait) {
      await tried(engine, {
        remove: keys.jobWaitKey(tenantId, wait.jobId),
        condition: isStillWaiting(wait),
        what: 'wait',
      });
    },
  };
};
