import { afterAll, beforeAll, describe } from 'vitest';
import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { checkpointStoreContract } from '#test/ports/checkpoint-store.contract';
import { datasetStoreContract } from '#test/ports/dataset-store.contract';
import { modelStoreContract } from '#test/ports/model-store.contract';
import { sessionListContract } from '#test/ports/session-list.contract';
import { tenantStoreContract } from '#test/ports/tenant-store.contract';
import { trainingStoreContract } from '#test/ports/training-store.contract';
import { type LocalDynamo, startDynamo } from '#test/support/dynamodb';

describe('the store of a tenant in memory', () => {
  tenantStoreContract(async () => makeMemoryEngine());
  checkpointStoreContract(async () => makeMemoryEngine());
  datasetStoreContract(async () => makeMemoryEngine());
  modelStoreContract(async () => makeMemoryEngine());
  trainingStoreContract(async () => makeMemoryEngine());
  sessionListContract(async () => makeMemoryEngine());
});

describe('the store of a tenant on DynamoDB', () => {
  let dynamo: LocalDynamo;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  const makeEngine = async () => makeDynamoEngine(dynamo.client, await dynamo.createTable());
  tenantStoreContract(makeEngine);
  checkpointStoreContract(makeEngine);
  datasetStoreContract(makeEngine);
  modelStoreContract(makeEngine);
  trainingStoreContract(makeEngine);
  sessionListContract(makeEngine);
});
