import { afterAll, beforeAll, describe } from 'vitest';
import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { tenantStoreContract } from '#test/ports/tenant-store.contract';
import { type LocalDynamo, startDynamo } from '#test/support/dynamodb';

describe('the store of a tenant in memory', () => {
  tenantStoreContract(async () => makeMemoryEngine());
});

describe('the store of a tenant on DynamoDB', () => {
  let dynamo: LocalDynamo;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  tenantStoreContract(async () => makeDynamoEngine(dynamo.client, await dynamo.createTable()));
});
