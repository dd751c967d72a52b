import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureUnits, type Units, writeUnitsWithTranscript } from '#bench/units/operations';
import { differences, rowsOf, unitTable } from '#bench/units/unit-table';
import { type LocalDynamo, startDynamo } from '#test/support/dynamodb';

const REMEDY = 'if that is what you want, `npm run bench -- units` writes bench/units.json anew';

describe('the units that operations consume', () => {
  let dynamo: LocalDynamo;
  let measured: Units;
  beforeAll(async () => {
    dynamo = await startDynamo();
    measured = await measureUnits(dynamo);
  }, 60_000);
  afterAll(() => dynamo.stop());

  it('are what bench/units.json says of each operation', () => {
    const different = differences(rowsOf(measured), rowsOf(unitTable.read()));
    expect(different.length === 0 ? [] : [...different, REMEDY]).toEqual([]);
  });

  it('are at most 10 write units for creating a session and 100 for a whole plain one', () => {
    expect(measured.operations['create session']?.write_units).toBeLessThanOrEqual(10);
    expect(measured.plain_session.write_units).toBeLessThanOrEqual(100);
  });

  it('are at most 115 write units for one that leaves a transcript, too', () => {
    expect(writeUnitsWithTranscript(measured)).toBeLessThanOrEqual(115);
  });

  it('come with at most 12 state transitions per plain session', () => {
    expect(measured.plain_session.transitions).toBeLessThanOrEqual(12);
  });
});

describe('a table of units', () => {
  const units = { write_units: 1, read_units: 2, calls: 3 };
  const table = { a: units, b: units };

  it('equals itself', () => {
    expect(differences(table, table)).toEqual([]);
  });

  it('tells what has changed, what is new and what is gone', () => {
    const now = { b: { ...units, calls: 4 }, c: units };
    expect(differences(now, table)).toEqual([
      expect.stringMatching(/^a: .* counted nothing$/),
      expect.stringMatching(/^b: the table says .*"calls":3.* counted .*"calls":4/),
      expect.stringMatching(/^c: the table says nothing, /),
    ]);
  });
});
