import { describe, expect, it } from 'vitest';
import type { TrainedVersion } from '#application/ports/model-packages';
import { makePublishModelPackage } from '#application/publish-model-package';
import type { ModelVersion } from '#domain/model/registered-model';
import type { TrainingJob } from '#domain/training-job/training-job';

const job = { tenantId: 'A', targetModelName: 'shop-coder', modelVersion: '1.0.0' } as TrainingJob;
const VERSION = { jobId: 'JOB', attempt: 1, simulated: false, artifactUri: 's3://files/model.tar.gz' };

const published = async (version: Partial<ModelVersion> | undefined): Promise<TrainedVersion[]> => {
  const shown: TrainedVersion[] = [];
  const publish = makePublishModelPackage({
    store: {
      getTrainingJob: async () => job,
      findModelVersion: async () => version as ModelVersion | undefined,
    },
    packages: {
      register: async (each) => {
        shown.push(each);
      },
    },
  });
  await publish({ jobId: 'JOB', attempt: 1 });
  return shown;
};

describe('the registry of a provider', () => {
  it('gets the version that the attempt made', async () => {
    expect(await published(VERSION)).toEqual([{ ...VERSION, tenantId: 'A' }]);
  });

  it.each([
    ['none', undefined],
    ['one of another job', { ...VERSION, jobId: 'OTHER' }],
    ['one of another attempt', { ...VERSION, attempt: 2 }],
    ['a simulated one', { ...VERSION, simulated: true }],
    ['one without weights', { ...VERSION, artifactUri: null }],
  ])('gets nothing for %s', async (_, version) => {
    expect(await published(version)).toEqual([]);
  });
});
