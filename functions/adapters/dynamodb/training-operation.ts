import type { TrainingWrite } from '#application/ports/write';
import { runOf } from '#domain/training-job/driver';
import type { TrainingLive } from '#domain/training-job/training-job';
import type { JobWait } from '#domain/training-job/wait';
import type { Condition, Operation } from './item-engine.ts';
import { put, putNew } from './put-operation.ts';
import * as keys from './table.ts';

/** That the stored wait is this one. */
export const isStillWaiting = ({ taskToken }: JobWait): Condition => ({
  kind: 'equals',
  attribute: 'taskToken',
  value: taskToken,
});

const isClaimOf = ({ jobId }: { readonly jobId: string }): Condition => ({
  kind: 'equals',
  attribute: 'jobId',
  value: jobId,
});

const RUNS_PER_ATTEMPT = 1_000_000;

/** The one wait of a job, unless a later execution has one already. */
export const jobWaitOperation = (tenantId: string, wait: JobWait): Operation => {
  const order = wait.attempt * RUNS_PER_ATTEMPT + runOf(wait);
  return {
    put: { ...wait, order, entity: 'job-wait', ...keys.jobWaitKey(tenantId, wait.jobId) },
    condition: { kind: 'at-most', attribute: 'order', value: order },
    what: 'wait',
  };
};

const dueIndex = (tenantId: string, { dueAt, jobId }: TrainingLive) =>
  dueAt === undefined
    ? {}
    : { gsi3pk: keys.dueWork('training', keys.DUE_SHARDS[0]), gsi3sk: `${dueAt}#${tenantId}#${jobId}` };

const headOperation = (
  tenantId: string,
  { before, after }: Extract<TrainingWrite, { kind: 'training-job' }>,
): Operation => {
  const index = { gsi1pk: keys.trainingJobsByTime(tenantId), gsi1sk: after.id };
  return {
    put: { ...after, rev: after.version, entity: 'training-job', ...index, ...keys.trainingJobKey(tenantId, after.id) },
    condition: before === null ? { kind: 'absent' } : { kind: 'revision', revision: before.version },
    what: 'training-job',
  };
};

/** A write of a training job as an operation on the table. */
export const trainingOperation = (tenantId: string, write: TrainingWrite): Operation => {
  switch (write.kind) {
    case 'training-job':
      return headOperation(tenantId, write);
    case 'training-input':
      return putNew('training-input', keys.trainingInputKey(tenantId, write.jobId), write.input);
    case 'training-live':
      return put(
        'training-live',
        keys.trainingLiveKey(tenantId, write.after.jobId),
        write,
        dueIndex(tenantId, write.after),
      );
    case 'training-points': {
      const { jobId, attempt, points } = write;
      return putNew('training-points', keys.trainingPointsKey(tenantId, jobId, attempt, points[0]?.step ?? 0), {
        points,
      });
    }
    case 'replay':
      return put('replay', keys.replayKey(tenantId, write.after.jobId, write.after.attempt), write);
    case 'evaluated-pairs': {
      const { jobId, attempt, pairs } = write;
      return putNew('evaluated-pairs', keys.evaluatedPairsKey(tenantId, jobId, attempt), { pairs }, { kind: 'any' });
    }
    case 'job-wait-removed':
      return {
        remove: keys.jobWaitKey(tenantId, write.wait.jobId),
        condition: isStillWaiting(write.wait),
        what: 'wait',
      };
    case 'dataset-use': {
      const { jobId, datasetId } = write;
      return putNew('dataset-use', keys.datasetUseKey(tenantId, datasetId, jobId), { jobId }, { kind: 'any' });
    }
    case 'dataset-use-removed': {
      const remove = keys.datasetUseKey(tenantId, write.datasetId, write.jobId);
      return { remove, condition: { kind: 'any' }, what: 'dataset-use' };
    }
    case 'version-claim': {
      const { modelName, version, jobId } = write;
      return putNew('version-claim', keys.versionClaimKey(tenantId, modelName, version), { version, jobId });
    }
    case 'version-claim-kept': {
      const { modelName, version, jobId } = write;
      const key = keys.versionClaimKey(tenantId, modelName, version);
      return putNew('version-claim', key, { version, jobId }, isClaimOf(write));
    }
    case 'version-claim-removed':
      return {
        remove: keys.versionClaimKey(tenantId, write.modelName, write.version),
        condition: isClaimOf(write),
        what: 'version-claim',
      };
  }
};
