import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '#adapters/dynamodb/table';
import { anyFreePort } from '#scripts/local/free-port';
import { eventually } from './eventually.ts';

const require = createRequire(import.meta.url);

/** A DynamoDB of this test file alone, in memory, on a port of its own. */
export interface LocalDynamo {
  readonly client: DynamoDBDocumentClient;
  /** A new empty table with the indexes of the real one; answers its name. */
  createTable(): Promise<string>;
  stop(): Promise<void>;
}

const keySchema = ({ pk, sk }: { pk: string; sk: string }) => [
  { AttributeName: pk, KeyType: 'HASH' as const },
  { AttributeName: sk, KeyType: 'RANGE' as const },
];

const tableDefinition = (name: string) => {
  const indexes = Object.entries(TABLE.indexes);
  const attributes = [TABLE, ...Object.values(TABLE.indexes)].flatMap(({ pk, sk }) => [pk, sk]);
  return new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
    KeySchema: keySchema(TABLE),
    GlobalSecondaryIndexes: indexes.map(([IndexName, keys]) => ({
      IndexName,
      KeySchema: keySchema(keys),
      Projection: { ProjectionType: TABLE.projection },
    })),
  });
};

/** Starts the engine and waits until it answers. End it with `stop`. */
export async function startDynamo(): Promise<LocalDynamo> {
  const port = await anyFreePort();
  const program = require.resolve('@dynoxide/linux-x64/dynoxide');
  const server = spawn(program, ['serve', '--port', String(port)], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const plain = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const answers = () =>
    plain.send(new ListTablesCommand({})).then(
      () => true,
      () => false,
    );
  await eventually('an answer of DynamoDB', answers);

  let tables = 0;
  return {
    // as in runtime/ports
    client: DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } }),
    async createTable() {
      const name = `table-${++tables}`;
      await plain.send(tableDefinition(name));
      return name;
    },
    async stop() {
      plain.destroy();
      server.kill();
      await ended;
    },
  };
}
