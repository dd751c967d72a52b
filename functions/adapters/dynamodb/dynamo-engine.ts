import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandOutput,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { CONTENTION, ConcurrentUpdate } from '#domain/errors';
import { conditionExpression } from './condition-expression.ts';
import type { Item, ItemEngine, ItemQuery, Operation } from './item-engine.ts';
import { marshallable } from './marshallable.ts';
import { type Key, TABLE } from './table.ts';

const BATCH = 100;

const keyText = ({ pk, sk }: Key) => `${pk}\n${sk}`;

/**
 * A refused condition becomes ConcurrentUpdate over its element. Meeting another transaction does, too, but over no element:
 * whether a slug is taken or a platform bootstrapped is not known then. Everything else is a fault and passes.
 */
const outcomeOf = (error: unknown, operations: readonly Operation[]): unknown => {
  if (error instanceof ConditionalCheckFailedException)
    return new ConcurrentUpdate(operations[0]?.what ?? 'item', { cause: error });
  if (error instanceof TransactionConflictException) return new ConcurrentUpdate(CONTENTION, { cause: error });
  if (!(error instanceof TransactionCanceledException)) return error;
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
  const failed = codes.indexOf('ConditionalCheckFailed');
  if (failed >= 0) return new ConcurrentUpdate(operations[failed]?.what ?? 'item', { cause: error });
  return codes.includes('TransactionConflict') ? new ConcurrentUpdate(CONTENTION, { cause: error }) : error;
};

const largest = (...keys: (string | undefined)[]) =>
  keys
    .filter((key) => key !== undefined)
    .toSorted()
    .at(-1);
const smallest = (...keys: (string | undefined)[]) => keys.filter((key) => key !== undefined).toSorted()[0];

/** The one range of sort keys that a query reads, both ends included. A prefix ends where no key with it can follow. */
const rangeOf = ({ prefix, after, until, descending = false }: ItemQuery) => ({
  low: largest(prefix, descending ? undefined : after),
  high: smallest(until, prefix === undefined ? undefined : `${prefix}\uffff`, descending ? after : undefined),
});

const rangeCondition = (low: string | undefined, high: string | undefined): string => {
  if (low !== undefined && high !== undefined) return ' AND #sk BETWEEN :low AND :high';
  if (low !== undefined) return ' AND #sk >= :low';
  return high === undefined ? '' : ' AND #sk <= :high';
};

/** The request of a query; undefined when its range is empty, which the database would refuse. */
const queryInput = (table: string, query: ItemQuery) => {
  const { pk, index, after, descending = false, limit } = query;
  const names = index ? TABLE.indexes[index] : TABLE;
  const { low, high } = rangeOf(query);
  if (low !== undefined && high !== undefined && low > high) return undefined;
  const condition = rangeCondition(low, high);
  return {
    TableName: table,
    ...(index ? { IndexName: index } : { ConsistentRead: true }),
    KeyConditionExpression: `#pk = :pk${condition}`,
    ExpressionAttributeNames: { '#pk': names.pk, ...(condition === '' ? {} : { '#sk': names.sk }) },
    ExpressionAttributeValues: { ':pk': pk, ':low': low, ':high': high },
    ScanIndexForward: !descending,
    // the range includes `after` itself, so one more is read and it is left out
    Limit: after === undefined ? limit : limit + 1,
  };
};

const itemOf = (item: Item) => marshallable(item) as Item;

/** The request of an addition: numbers that are not there yet begin at 0. */
const additionInput = (table: string, { add, entity, by }: Extract<Operation, { readonly add: Key }>) => {
  const names = Object.keys(by);
  return {
    TableName: table,
    Key: add,
    UpdateExpression: `SET #entity = :entity ADD ${names.map((_, index) => `#a${index} :a${index}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries([['#entity', 'entity'], ...names.map((name, n) => [`#a${n}`, name])]),
    ExpressionAttributeValues: Object.fromEntries([
      [':entity', entity],
      ...names.map((name, n) => [`:a${n}`, by[name]]),
    ]),
  };
};

/** The engine on DynamoDB. */
export const makeDynamoEngine = (client: DynamoDBDocumentClient, table: string): ItemEngine => {
  const commit = async (operations: readonly Operation[]): Promise<unknown> => {
    const [only] = operations;
    // an addition is hardly ever alone, and a command of its own for it would be part of every bundle
    if (operations.length === 1 && only && !('add' in only)) {
      const condition = conditionExpression(only.condition);
      return 'put' in only
        ? client.send(new PutCommand({ TableName: table, Item: itemOf(only.put), ...condition }))
        : client.send(new DeleteCommand({ TableName: table, Key: only.remove, ...condition }));
    }
    const TransactItems = operations.map((operation) => {
      if ('add' in operation) return { Update: additionInput(table, operation) };
      const condition = conditionExpression(operation.condition);
      return 'put' in operation
        ? { Put: { TableName: table, Item: itemOf(operation.put), ...condition } }
        : { Delete: { TableName: table, Key: operation.remove, ...condition } };
    });
    return client.send(new TransactWriteCommand({ TransactItems }));
  };

  const getBatch = async (keys: readonly Key[]): Promise<Item[]> => {
    const found: Item[] = [];
    let rest: Record<string, { Keys: Record<string, unknown>[]; ConsistentRead?: boolean | undefined }> = {
      [table]: { Keys: keys.map(({ pk, sk }) => ({ pk, sk })), ConsistentRead: true },
    };
    while (Object.keys(rest).length > 0) {
      const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand({ RequestItems: rest }));
      found.push(...((Responses?.[table] ?? []) as Item[]));
      rest = (UnprocessedKeys ?? {}) as typeof rest;
    }
    return found;
  };

  return {
    async get(key) {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
      return Item as Item | undefined;
    },

    async getMany(keys) {
      const found = new Map<string, Item>();
      for (let start = 0; start < keys.length; start += BATCH) {
        for (const item of await getBatch(keys.slice(start, start + BATCH))) found.set(keyText(item), item);
      }
      return keys.flatMap((key) => found.get(keyText(key)) ?? []);
    },

    async query(query) {
      const input = queryInput(table, query);
      if (input === undefined) return [];
      const found: Item[] = [];
      let from: QueryCommandOutput['LastEvaluatedKey'];
      // an answer ends after 1 MB, whatever its limit
      do {
        const answer = await client.send(new QueryCommand({ ...input, ExclusiveStartKey: from }));
        found.push(...((answer.Items ?? []) as Item[]));
        from = answer.LastEvaluatedKey;
      } while (from !== undefined && found.length < input.Limit);
      const sortKey = query.index ? TABLE.indexes[query.index].sk : TABLE.sk;
      return found.filter((item) => item[sortKey] !== query.after).slice(0, query.limit);
    },

    async transact(operations) {
      await commit(operations).catch((error: unknown) => {
        throw outcomeOf(error, operations);
      });
    },
  };
};
