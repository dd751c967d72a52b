import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptOf, trainingName } from '#adapters/sagemaker/training-name';
import { attemptFolder, checkpointFolder, datasetFiles, ownerOf } from '#adapters/sagemaker/training-place';
import { readSettings } from '#lib/config';
import { aProviderJob } from '#test/support/a-provider-job';
import { shapeProblems } from '#test/support/sagemaker/shape-problems';

const job = aProviderJob();

describe('the name of an attempt', () => {
  it('is made of stage, job and attempt', () => {
    expect(trainingName('dev', { ...job, attempt: 2 })).toBe('iorch-dev-01jd8x5yb2m0q4v6t8w1z3c5e9-a2');
  });

  it('fits for the longest stage and attempt 99', () => {
    const stage = `a${'b'.repeat(19)}`;
    expect(readSettings((key) => (key === 'stage' ? stage : undefined)).stage).toBe(stage);
    const name = trainingName(stage, { ...job, attempt: 99 });
    expect(name.length).toBeLessThanOrEqual(63);
    expect(shapeProblems(name, 'TrainingJobName')).toEqual([]);
    expect(trainingName('a'.repeat(12), { ...job, attempt: 99 })).toHaveLength(49);
  });

  it('leads back to the attempt, within its stage only', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/),
        fc.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
        fc.integer({ min: 1, max: 99 }),
        (stage, jobId, attempt) => {
          const name = trainingName(stage, { jobId, attempt });
          expect(shapeProblems(name, 'TrainingJobName')).toEqual([]);
          expect(attemptOf(stage, name)).toEqual({ jobId, attempt });
          expect(attemptOf(`${stage}x`, name)).toBeUndefined();
        },
      ),
    );
  });

  it.each([
    'mine',
    'iorch-dev-short-a1',
    'iorch-dev-01jd8x5yb2m0q4v6t8w1z3c5e9-a0',
    'x-iorch-dev-01jd8x5yb2m0q4v6t8w1z3c5e9-a1',
  ])('is not %s', (name) => {
    expect(attemptOf('dev', name)).toBeUndefined();
  });
});

describe('the files of a dataset', () => {
  const folder = `s3://files/${job.tenantId}/datasets/${job.datasetId}`;

  it('are those that there are', () => {
    expect(datasetFiles('files', job)).toEqual({ train: `${folder}/train.jsonl`, eval: `${folder}/eval.jsonl` });
    const untested = { ...job, dataset: { ...job.dataset, evalSamples: 0 } };
    expect(datasetFiles('files', untested)).toEqual({ train: `${folder}/train.jsonl` });
  });
});

describe('the place of an attempt', () => {
  it('lies below its tenant and leads back to it', () => {
    const folder = attemptFolder('files', job);
    expect(folder).toBe(`s3://files/${job.tenantId}/training/${job.jobId}/a1`);
    expect(checkpointFolder('files', job)).toBe(`${folder}/checkpoints`);
    expect(ownerOf(`${folder}/output`)).toEqual({ tenantId: job.tenantId, jobId: job.jobId });
    expect(ownerOf(`${folder}/output/`)).toEqual({ tenantId: job.tenantId, jobId: job.jobId });
  });

  it.each(['s3://files/somewhere', `${attemptFolder('files', job)}/checkpoints`, 'https://files/x'])(
    'is not %s',
    (path) => {
      expect(ownerOf(path)).toBeUndefined();
    },
  );
});
