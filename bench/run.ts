/**
 * `npm run bench`: counts and ratios, as a table, in bench/results.json and in docs/performance.md.
 * `-- --units` measures and checks in the units of each operation only; `-- --all` adds what needs the local cloud and takes minutes.
 */
import { startDynamo } from '#test/support/dynamodb';
import { measureUnits } from './units/operations.ts';
import { writeUnitTable } from './units/unit-table.ts';

const dynamo = await startDynamo();
try {
  const units = await measureUnits(dynamo);
  writeUnitTable(units);
  console.table({ ...units.operations, 'whole plain session': units.plain_session });
} finally {
  await dynamo.stop();
}
