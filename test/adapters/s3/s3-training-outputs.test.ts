import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeS3TrainingOutputs } from '#adapters/s3/s3-training-outputs';
import { UnreadableOutput } from '#application/ports/training-outputs';
import { S3_SECRET, startS3 } from '#test/support/s3-stand-in';

const attempt = { jobId: 'JOB', attempt: 2 };
const KEY = '/bucket/A/training/JOB/a2/checkpoints/evaluation.json';
const evaluation = {
  version: 1,
  baseline: { kind: 'base_model', reason: null },
  eval_loss: { candidate: 1.25, baseline: 1.5 },
  accuracy: { candidate: 0.6, baseline: null },
  text: { items: 1, longest_answer_tokens: 512, candidate_mean: 1, baseline_mean: null },
  items: [{ session_id: 's', content_hash: 'h', replayable: false, candidate: 1, baseline: null }],
};

describe('what a training left in S3', () => {
  const world = {} as { storage: Awaited<ReturnType<typeof startS3>> };
  beforeAll(async () => {
    world.storage = await startS3();
  });
  beforeEach(() => world.storage.objects.clear());
  afterAll(() => world.storage.stop());

  const outputsOf = (tenantId: string, secretAccessKey = S3_SECRET) => {
    const credentials = async () => ({ accessKeyId: 'key', secretAccessKey });
    return makeS3TrainingOutputs({ bucketUrl: world.storage.url, region: 'eu-central-1', credentials }, tenantId);
  };
  const left = (text: string) => world.storage.objects.set(KEY, new TextEncoder().encode(text) as never);

  it('is what the training program measured', async () => {
    left(JSON.stringify(evaluation));
    expect(await outputsOf('A').comparison(attempt)).toEqual({
      evalLoss: { candidate: 1.25, baseline: 1.5 },
      accuracy: { candidate: 0.6, baseline: null },
      items: [{ sessionId: 's', contentHash: 'h', candidate: 1, baseline: null }],
    });
  });

  it('is nothing to another tenant, job or attempt', async () => {
    left(JSON.stringify(evaluation));
    expect(await outputsOf('B').comparison(attempt)).toBeUndefined();
    expect(await outputsOf('A').comparison({ ...attempt, attempt: 1 })).toBeUndefined();
    expect(await outputsOf('A').comparison({ ...attempt, jobId: 'OTHER' })).toBeUndefined();
  });

  it('is nothing only when storage says that it is not there, never for want of a permission', async () => {
    const hidden = { jobId: 'HIDDEN', attempt: 2 };
    // who may list but not read is told no more than that, also of what is not there
    expect(await outputsOf('A').comparison(hidden)).toBeUndefined();
    world.storage.objects.set(KEY.replace('JOB', 'HIDDEN'), Buffer.from(JSON.stringify(evaluation)));
    await expect(outputsOf('A').comparison(hidden)).rejects.toThrow(/answered GET .* with 403/);
    await expect(outputsOf('A', 'none of its own').comparison(attempt)).rejects.toThrow(/with 403/);
  });

  it.each([
    ['not JSON', '{'],
    ['of another version', JSON.stringify({ ...evaluation, version: 2 })],
    ['out of range', JSON.stringify({ ...evaluation, items: [{ ...evaluation.items[0], candidate: 1.5 }] })],
    ['too long', JSON.stringify({ ...evaluation, items: Array.from({ length: 401 }, () => evaluation.items[0]) })],
    ['too large', `${JSON.stringify(evaluation)}${' '.repeat(1_000_001)}`],
  ])('is refused with a sentence when it is %s', async (_, text) => {
    left(text);
    const read = outputsOf('A').comparison(attempt);
    await expect(read).rejects.toThrow(UnreadableOutput);
    await expect(read).rejects.toThrow(
      /^evaluation\.json, which .* attempt 2, .*: look into its log, then retry the job$/,
    );
  });
});
