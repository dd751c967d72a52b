import { afterAll, beforeAll, describe } from 'vitest';
import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { platformStoreContract } from '#test/ports/platform-store.contract';
import { type LocalDynamo, startDynamo } from '#test/support/dynamodb';

describe("the platform's stores in memory", () => {
  platformStoreContract(async () => makeMemoryEngine());
});

describe("the platform's stores on DynamoDB", () => {
  let dynamo: LocalDynamo;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  platformStoreContract(async () => makeDynamoEngine(dynamo.client, await dynamo.createTable()));
});
