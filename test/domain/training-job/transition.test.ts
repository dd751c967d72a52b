import { describe, expect, it } from 'vitest';
import { createTrainingJob } from '#domain/training-job/create-job';
import { InvalidTrainingMove } from '#domain/training-job/errors';
import { isLegalTrainingMove, isTerminalTraining, TRAINING_STATUSES } from '#domain/training-job/status';
import type { TrainingJob } from '#domain/training-job/training-job';
import { moveTraining } from '#domain/training-job/transition';
import { NOON } from '#test/support/a-session';

const LATER = '2026-05-01T12:00:01.000Z';
const fields = { baseModel: 'b', targetModelName: 'm', modelVersion: '1.0.0', datasetId: 'D', createdBy: 'U' };
const made = { ...fields, tenantId: 'A', id: 'JOB', provider: 'sagemaker' } as const;
const jobIn = (status: TrainingJob['status'], isGated: boolean): TrainingJob => ({
  ...createTrainingJob({ ...made, isGated }, NOON).after,
  status,
});

const pairs = [true, false].flatMap((isGated) =>
  TRAINING_STATUSES.flatMap((from) => TRAINING_STATUSES.map((to) => ({ from, to, isGated }))),
);

describe('a move of a training job', () => {
  it.each(pairs)('from $from to $to, gated: $isGated, is as the table says', ({ from, to, isGated }) => {
    const job = jobIn(from, isGated);
    const isUnjudged = from === 'running' && to === 'completed' && isGated;
    if (!isLegalTrainingMove(from, to) || isUnjudged) {
      expect(() => moveTraining(job, { to, at: LATER })).toThrow(InvalidTrainingMove);
      return;
    }
    const { before, after, events } = moveTraining(job, { to, at: LATER });
    expect(before).toBe(job);
    expect(after).toMatchObject({ status: to, version: job.version + 1, statusUpdatedAt: LATER });
    expect(after.startedAt).toBe(to === 'running' ? LATER : undefined);
    expect(after.completedAt).toBe(isTerminalTraining(to) ? LATER : undefined);
    expect(events).toMatchObject([
      { type: 'training_job.status_changed', seq: after.version, payload: { old_status: from, new_status: to } },
    ]);
  });
});
