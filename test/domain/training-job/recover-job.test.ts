import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driverOf, drives, runOf } from '#domain/training-job/driver';
import {
  driverMissingSince,
  isDriverLost,
  MAX_TRAINING_RECOVERIES,
  recoverTraining,
} from '#domain/training-job/recover-job';
import { retryTrainingJob } from '#domain/training-job/retry-job';
import type { TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import { aStandingTraining } from '#test/support/a-training-job';

const at = (minute: number) => new Date(Date.parse('2026-05-04T12:00:00.000Z') + minute * 60_000).toISOString();
const { job, live } = aStandingTraining();

/** Loses executions at these moments; answers how many new ones there were. */
const lose = (minutes: readonly number[], liveAt: (minute: number) => TrainingLive = () => live): TrainingJob =>
  minutes.reduce((known, minute) => recoverTraining(known, liveAt(minute), at(minute))?.after ?? known, job);

describe('a job whose execution is lost', () => {
  it('is given to the next one, as it stands', () => {
    const change = recoverTraining(job, live, at(0));
    expect(change?.after).toMatchObject({ status: job.status, attempt: job.attempt, run: 2, version: job.version + 1 });
    expect(change?.events[0]?.payload).not.toHaveProperty('new_status');
    expect(change?.events).toMatchObject([
      {
        type: 'training_job.recovered',
        payload: { job_id: job.id, attempt: job.attempt, run: 2, simulated: job.simulated },
        internal: { consumers: ['start-execution'], training: { jobId: job.id, attempt: job.attempt, run: 2 } },
      },
    ]);
  });

  it('is given up after three of them without progress within an hour', () => {
    expect(runOf(lose([0, 1, 2, 3, 4]))).toBe(1 + MAX_TRAINING_RECOVERIES);
    expect(recoverTraining(lose([0, 1, 2]), live, at(3))).toBeUndefined();
  });

  it('goes on as long as it gets on in between, or that happens seldom', () => {
    expect(runOf(lose([0, 1, 2, 3, 4], (minute) => ({ ...live, step: minute })))).toBe(6);
    expect(runOf(lose([0, 60, 120, 180, 240]))).toBe(6);
    expect(recoverTraining(lose([0, 1, 2]), { ...live, trainedAt: at(3) }, at(3))?.after.run).toBe(5);
  });

  it('never stays with a driver that was lost: the run only grows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 20 }), (minutes) => {
        let known = job;
        for (const minute of minutes.toSorted((a, b) => a - b)) {
          const next = recoverTraining(known, live, at(minute))?.after;
          if (next === undefined) continue;
          expect(drives(driverOf(known), next)).toBe(false);
          expect(drives(driverOf(next), next)).toBe(true);
          known = next;
        }
      }),
    );
  });

  it('begins with the first run when it is tried again', () => {
    const failed = { ...lose([0, 1]), status: 'failed' as const };
    const { after } = retryTrainingJob(failed, at(5));
    expect([after.attempt, after.run, after.recovery]).toEqual([2, undefined, undefined]);
    expect(drives({ attempt: 2 }, after)).toBe(true);
  });
});

describe('a driver', () => {
  it('is lost when nobody has waited for ten minutes, and not before', () => {
    const missing = { ...live, driverMissingSince: driverMissingSince(live, false, at(0)) };
    expect(driverMissingSince(missing, false, at(5))).toBe(at(0));
    expect(driverMissingSince(missing, true, at(5))).toBeUndefined();
    expect(isDriverLost(missing, Date.parse(at(10)) - 1)).toBe(false);
    expect(isDriverLost(missing, Date.parse(at(10)))).toBe(true);
    expect(isDriverLost(live, Date.parse(at(1000)))).toBe(false);
  });
});
