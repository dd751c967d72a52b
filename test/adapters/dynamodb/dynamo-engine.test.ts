import { afterAll, beforeAll, describe } from 'vitest';
import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import { itemEngineContract } from '#test/ports/item-engine.contract';
import { type LocalDynamo, startDynamo } from '#test/support/dynamodb';

describe('the engine on DynamoDB', () => {
  let dynamo: LocalDynamo;
  beforeAll(async () => {
    dynamo = await startDynamo();
  });
  afterAll(() => dynamo.stop());

  itemEngineContract(async () => makeDynamoEngine(dynamo.client, await dynamo.createTable()));
});
