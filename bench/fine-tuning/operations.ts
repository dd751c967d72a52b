import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makePromoteModel } from '#application/promote-model';
import { makeRollbackModel } from '#application/rollback-model';
import { type Consumption, metered } from '#bench/units/meter';
import { curationOn, distinctDiff, goodSession, storeSessions } from '#test/support/curation-world';
import { datasetFilesInMemory } from '#test/support/dataset-files-in-memory';
import type { LocalDynamo } from '#test/support/dynamodb';
import { aClock, countedIdentifiers } from '#test/support/ports-in-memory';
import { aRegisteredVersion } from '#test/support/registered-models';
import { TENANT } from './world.ts';

type Operations = Readonly<Record<string, Consumption>>;

/** About 3 KB. */
const DIFF_LINES = 20;
const aDiff = (index: number) =>
  Array.from({ length: DIFF_LINES }, (_, line) => distinctDiff(index * DIFF_LINES + line)).join('\n');

/** Building a dataset of one part. */
export const measureDataset = async (dynamo: LocalDynamo, count: number): Promise<Operations> => {
  const meter = metered(dynamo.client);
  const engine = makeDynamoEngine(meter.client, await dynamo.createTable());
  const curation = curationOn(engine, datasetFilesInMemory().of(TENANT), { tenantId: TENANT });
  await curation.addTenant();
  const sessions = Array.from({ length: count }, (_, index) =>
    goodSession(index, { tenantId: TENANT, diff: aDiff(index) }),
  );
  await storeSessions(curation.store, sessions);
  const create = await meter.measure(() => curation.create());
  const { id: datasetId } = create.answer;
  const slice = await meter.measure(() => curation.curateSlice({ datasetId }));
  const files = await meter.measure(() => curation.writeFiles({ datasetId }));
  if (files.answer.status !== 'ready') throw new Error(`the dataset is ${files.answer.status}`);
  return {
    'create dataset': create.consumed,
    [`Curate Slice (${count} sessions)`]: slice.consumed,
    'Write Files': files.consumed,
  };
};

/** Moving an alias there and back. */
export const measureAliases = async (dynamo: LocalDynamo): Promise<Operations> => {
  const meter = metered(dynamo.client);
  const store = makeTenantStore(makeDynamoEngine(meter.client, await dynamo.createTable()), TENANT);
  const ports = { store, clock: aClock(), ids: countedIdentifiers() };
  const modelName = 'shop-coder';
  for (const version of ['1.0.0', '1.1.0']) await aRegisteredVersion(ports, { modelName, version });
  const promote = (version: string) => {
    const move = { modelName, version, alias: 'champion', force: false, reason: 'passed', actor: USER };
    return meter.measure(() => makePromoteModel(ports)(move));
  };
  await promote('1.0.0');
  const promoted = await promote('1.1.0');
  const back = { modelName, alias: 'champion', reason: 'worse at work', actor: USER };
  const rolledBack = await meter.measure(() => makeRollbackModel(ports)(back));
  return { promote: promoted.consumed, rollback: rolledBack.consumed };
};

const USER = { kind: 'user', id: TENANT } as const;
