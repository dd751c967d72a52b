import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeS3DatasetFiles } from '#adapters/s3/s3-dataset-files';
import { datasetFilesContract } from '#test/ports/dataset-files.contract';
import { datasetFilesInMemory } from '#test/support/dataset-files-in-memory';
import { S3_SECRET, startS3 } from '#test/support/s3-stand-in';

describe('in memory', () => {
  datasetFilesContract(() => datasetFilesInMemory().of);
});

describe('in S3', () => {
  const world = {} as { storage: Awaited<ReturnType<typeof startS3>> };
  beforeAll(async () => {
    world.storage = await startS3();
  });
  beforeEach(() => world.storage.objects.clear());
  afterAll(() => world.storage.stop());

  const credentials = async () => ({ accessKeyId: 'key', secretAccessKey: S3_SECRET, sessionToken: 'tagged' });
  const filesOf = (tenantId: string) =>
    makeS3DatasetFiles({ bucketUrl: world.storage.url, region: 'eu-central-1', credentials }, tenantId);
  datasetFilesContract(() => filesOf);

  it('stand under the tenant, where only its own credentials reach', async () => {
    await filesOf('A').write('DATASET', 'train.jsonl', ReadableStream.from([new Uint8Array(3)]), 3);
    expect([...world.storage.objects.keys()]).toEqual(['/bucket/A/datasets/DATASET/train.jsonl']);
  });

  it('are downloaded under the name asked for', async () => {
    await filesOf('A').write('DATASET', 'train.jsonl', ReadableStream.from([new TextEncoder().encode('mine')]), 4);
    const url = await filesOf('A').presignDownload('DATASET', 'train.jsonl', { fileName: 'd.jsonl', seconds: 300 });
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('300');
    const answer = await fetch(url);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="d.jsonl"');
    expect(await answer.text()).toBe('mine');
  });

  it('that cannot be had are a fault that names them', async () => {
    await filesOf('A').write('DATASET', 'BROKEN', ReadableStream.from([]), 0);
    await expect(filesOf('A').size('DATASET', 'BROKEN')).rejects.toThrow('HEAD A/datasets/DATASET/BROKEN with 500');
  });
});
