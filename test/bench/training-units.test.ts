import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  A_MINUTE,
  FIVE_DAYS,
  measureTraining,
  ONE_PAIR,
  THREE_PAIRS,
  type TrainingUnits,
  trainingRows,
} from '#bench/fine-tuning/measure';
import { measureDataset } from '#bench/fine-tuning/operations';
import { differences, trainingUnitTable } from '#bench/units/unit-table';
import { type LocalDynamo, startDynamo } from '#test/support/dynamodb';

const REMEDY = 'if that is what you want, `npm run bench -- training` writes bench/training-units.json anew';

describe('what fine-tuning consumes', () => {
  let dynamo: LocalDynamo;
  let measured: TrainingUnits;
  beforeAll(async () => {
    dynamo = await startDynamo();
    measured = await measureTraining(dynamo);
  }, 60_000);
  afterAll(() => dynamo.stop());

  it('is what bench/training-units.json says of each operation and job', () => {
    const different = differences(trainingRows(measured), trainingRows(trainingUnitTable.read()));
    expect(different.length === 0 ? [] : [...different, REMEDY]).toEqual([]);
  });

  it('comes with twelve state transitions per job that makes a model, for a minute and for five days of training', () => {
    expect(measured.states).toHaveLength(12);
    for (const name of [A_MINUTE, FIVE_DAYS, ONE_PAIR, THREE_PAIRS])
      expect([name, measured.jobs[name]?.transitions]).toEqual([name, 12]);
  });

  it('is the same for a minute and for five days of training, beside the looks of the clock', () => {
    expect(measured.jobs[FIVE_DAYS]).toEqual(measured.jobs[A_MINUTE]);
  });

  it('writes for a slice of sessions what one write is, and reads each with what belongs to it once', async () => {
    const { 'Curate Slice (30 sessions)': slice } = await measureDataset(dynamo, 30);
    expect(slice?.write_units).toBeLessThanOrEqual(3);
    // head, input, live values, result, diff and transcript, a unit each; half a unit per page of keys, and the build itself
    expect(slice?.read_units).toBeLessThanOrEqual(30 * 6 + 10);
  });
});
