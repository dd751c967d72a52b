import { AsyncLocalStorage } from 'node:async_hooks';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CREDENTIAL_PREFIX } from '#adapters/dynamodb/table';

/** What calls of the table have consumed, in units of DynamoDB's price list. */
export interface Consumption {
  readonly write_units: number;
  readonly read_units: number;
  /** Calls of the table, one after the other or side by side. */
  readonly calls: number;
}

const nothing: Consumption = { write_units: 0, read_units: 0, calls: 0 };

/** Several consumptions as one. */
export const sumOf = (all: readonly Consumption[]): Consumption =>
  all.reduce(
    (sum, one) => ({
      write_units: sum.write_units + one.write_units,
      read_units: sum.read_units + one.read_units,
      calls: sum.calls + one.calls,
    }),
    nothing,
  );

interface Capacity {
  readonly CapacityUnits?: number;
}

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: { readonly Key?: { readonly pk?: unknown } };
}

type Answer = { readonly ConsumedCapacity?: Capacity | Capacity[] };

const WRITES: ReadonlySet<string> = new Set(['PutCommand', 'DeleteCommand', 'UpdateCommand', 'TransactWriteCommand']);
const READS: ReadonlySet<string> = new Set(['GetCommand', 'BatchGetCommand', 'QueryCommand', 'TransactGetCommand']);

const consumptionOf = (command: string, { ConsumedCapacity = [] }: Answer): Consumption => {
  const units = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  if (WRITES.has(command)) return { write_units: units, read_units: 0, calls: 1 };
  if (READS.has(command)) return { write_units: 0, read_units: units, calls: 1 };
  throw new Error(`the meter does not know whether ${command} reads or writes`);
};

/** The authorizer remembers a credential for a minute, so its read belongs to no operation. */
const isAuthentication = ({ input }: Command) => String(input.Key?.pk).startsWith(CREDENTIAL_PREFIX);

/**
 * A client whose calls are counted by what the engine says they consumed.
 * A refused condition costs what the write would have, but the engine does not say: operations are measured where nobody races them.
 */
export const metered = (client: DynamoDBDocumentClient) => {
  const underWay = new AsyncLocalStorage<Consumption[]>();
  const send = async (command: Command): Promise<unknown> => {
    Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
    const answer = await client.send(command as unknown as Parameters<typeof client.send>[0]);
    if (!isAuthentication(command))
      underWay.getStore()?.push(consumptionOf(command.constructor.name, answer as Answer));
    return answer;
  };
  return {
    client: Object.create(client, { send: { value: send } }) as DynamoDBDocumentClient,
    /** What `act` consumes, and nothing that happens beside it. */
    async measure<T>(act: () => Promise<T>): Promise<{ answer: T; consumed: Consumption }> {
      const counted: Consumption[] = [];
      const answer = await underWay.run(counted, act);
      return { answer, consumed: sumOf(counted) };
    },
  };
};
