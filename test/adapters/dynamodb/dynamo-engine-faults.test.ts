import {
  ConditionalCheckFailedException,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import type { Operation } from '#adapters/dynamodb/item-engine';
import { CONTENTION, ConcurrentUpdate } from '#domain/errors';
import { aRecordingClient, sdkError } from '#test/support/recording-client';

const key = (sk: string) => ({ pk: 'P', sk });
const put = (what: string): Operation => ({ put: key(what), condition: { kind: 'absent' }, what });

const engineThatAnswers = (...answers: readonly unknown[]) => {
  const { client, sent } = aRecordingClient<DynamoDBDocumentClient>(...answers);
  return { engine: makeDynamoEngine(client, 'table'), sent };
};

const cancelled = (...codes: (string | undefined)[]) =>
  sdkError(TransactionCanceledException, { CancellationReasons: codes.map((Code) => (Code ? { Code } : {})) });

describe('the engine on a failing DynamoDB', () => {
  it.each([
    ['a failed condition', cancelled('None', 'ConditionalCheckFailed'), 'second'],
    ['a failed condition beside a conflict', cancelled('TransactionConflict', 'ConditionalCheckFailed'), 'second'],
    ['a conflict with another transaction', cancelled('None', 'TransactionConflict'), CONTENTION],
  ])('takes %s in a transaction as a lost race over what is known', async (_, error, what) => {
    const { engine } = engineThatAnswers(error);
    const refusal = await engine.transact([put('first'), put('second')]).catch((thrown: unknown) => thrown);
    expect(refusal).toBeInstanceOf(ConcurrentUpdate);
    expect(refusal).toMatchObject({ what, cause: error });
  });

  it.each([
    ['a failed condition', sdkError(ConditionalCheckFailedException), 'only'],
    ['a conflict with a transaction', sdkError(TransactionConflictException), CONTENTION],
  ])('takes %s of a single write as a lost race', async (_, error, what) => {
    const { engine } = engineThatAnswers(error);
    const refusal = await engine.transact([put('only')]).catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({ code: 'CONCURRENT_UPDATE', what, cause: error });
    expect((refusal as Error).message).not.toContain('only');
  });

  it.each([
    ['a cancellation for throttling', cancelled('ThrottlingError', 'None')],
    ['a cancellation without reasons', sdkError(TransactionCanceledException)],
    ['throttling', sdkError(ProvisionedThroughputExceededException)],
  ])('lets %s pass as the fault it is', async (_, error) => {
    const { engine } = engineThatAnswers(error);
    await expect(engine.transact([put('first'), put('second')])).rejects.toBe(error);
  });

  it('asks again for the keys that were left unprocessed', async () => {
    const rest = { table: { Keys: [key('b')], ConsistentRead: true } };
    const { engine, sent } = engineThatAnswers(
      { Responses: { table: [key('a')] }, UnprocessedKeys: rest },
      { Responses: { table: [key('b')] } },
    );
    expect(await engine.getMany([key('a'), key('b')])).toEqual([key('a'), key('b')]);
    expect(sent.map(({ input }) => input['RequestItems'])).toEqual([
      { table: { Keys: [key('a'), key('b')], ConsistentRead: true } },
      rest,
    ]);
  });

  it('reads the table strongly and never an index', async () => {
    const { engine, sent } = engineThatAnswers({});
    await engine.get(key('a'));
    await engine.query({ pk: 'P', limit: 1 });
    await engine.query({ pk: 'P', index: 'gsi1', limit: 1 });
    expect(sent.map(({ input }) => input['ConsistentRead'])).toEqual([true, true, undefined]);
    expect(await engine.getMany([key('a')])).toEqual([]);
  });
});
