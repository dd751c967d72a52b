import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TICK_MS } from '#application/poll-training-jobs';
import { measureTicks, modelTick } from '#bench/fine-tuning/poller';
import { type LocalDynamo, startDynamo } from '#test/support/dynamodb';

describe('a tick of the poller', () => {
  let dynamo: LocalDynamo;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  it('writes three units per training of which nothing is new, and asks its provider once', async () => {
    const { quiet, news } = await measureTicks(dynamo, { jobs: 20, tenants: 2 });
    expect(quiet).toMatchObject({ write_units: 60, questions: 20 });
    expect(quiet.read_units).toBeLessThanOrEqual(20 * 4 + 1);
    expect(news).toMatchObject({ questions: 20, read_units: quiet.read_units });
    expect(news.write_units).toBeLessThanOrEqual(20 * 10);
  });

  it('takes a tenth of the time that looking in turn would', async () => {
    const { counts, seconds, inTurn } = await modelTick({ jobs: 200, tenants: 10 });
    expect(counts).toMatchObject({ checkedCount: 200, isCutShort: false });
    expect(inTurn / seconds).toBeGreaterThan(8);
    // so that a thousand fit into its time
    expect(5 * seconds).toBeLessThan(TICK_MS / 1000);
  });
});
