import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import type { Item, ItemEngine } from '#adapters/dynamodb/item-engine';
import { nodeDigest } from '#adapters/node/node-digest';
import type { EvalItem } from '#application/eval-items';
import { makeEvaluate } from '#application/evaluate-training';
import type { TenantStore } from '#application/ports/tenant-store';
import { TOKEN_LENGTH } from '#bench/units/lifecycle';
import { type Consumption, metered } from '#bench/units/meter';
import { readMachine } from '#test/support/asl-runner/definition';
import { settledInMemory } from '#test/support/asl-runner/virtual-time';
import type { LocalDynamo } from '#test/support/dynamodb';
import type { Recorded } from '#test/support/training-executions';
import { aTrainingWorldOn } from '#test/support/training-world';
import { trainingSteps } from './steps.ts';

const DEFINITION = path.join(import.meta.dirname, '../../state-machines/fine-tuning.asl.json');

/** As long as real ids: they are part of every key. */
export const TENANT = '01JD8X5YB2M0Q4V6T8W1Z3C5E7';
export const DATASET = '01JD8X5YB2M0Q4V6T8W1Z3C5E9';

/** What was done, and what it consumed. */
export interface Measured extends Consumption {
  readonly operation: string;
}

/** An engine that knows what was put, and whether it is at work. */
const watched = (engine: ItemEngine) => {
  const put: Item[] = [];
  const open = new Set<Promise<unknown>>();
  const during = async <T>(work: Promise<T>): Promise<T> => {
    open.add(work);
    try {
      return await work;
    } finally {
      open.delete(work);
    }
  };
  const table = {
    get: (key) => during(engine.get(key)),
    getMany: (keys) => during(engine.getMany(keys)),
    query: (query) => during(engine.query(query)),
    async transact(operations) {
      await during(engine.transact(operations));
      put.push(...operations.flatMap((operation) => ('put' in operation ? [operation.put] : [])));
    },
    items: () => put,
  } satisfies ItemEngine & { items: () => readonly Item[] };
  const settled = async () => {
    do {
      await Promise.allSettled(open);
      await settledInMemory();
    } while (open.size > 0);
  };
  return { table, settled };
};

const HELD_OUT = 50;
const heldOut: readonly EvalItem[] = Array.from({ length: HELD_OUT }, (_, index) => ({
  sessionId: `${DATASET.slice(0, -2)}${String(index).padStart(2, '0')}`,
  rootSessionId: `${DATASET.slice(0, -2)}${String(index).padStart(2, '0')}`,
  contentHash: nodeDigest.sha256(`sample ${index}`),
  replayable: true,
}));

/** A tenant whose jobs are driven by the real machine on a real engine, which says what each step consumed. */
export const measuredTraining = async (dynamo: LocalDynamo) => {
  const meter = metered(dynamo.client);
  const { table, settled } = watched(makeDynamoEngine(meter.client, await dynamo.createTable()));
  const sequence: Measured[] = [];
  const ticks: Measured[] = [];
  const record: Recorded = async (operation, act) => {
    const { answer, consumed } = await meter.measure(act);
    sequence.push({ operation, ...consumed });
    return answer;
  };
  const evaluate = (store: TenantStore) =>
    makeEvaluate({
      ...{ store, clock: world.clock, ids: world.ids, digest: nodeDigest },
      outputsOf: () => undefined,
      evalItems: async () => heldOut,
    });
  const world = await aTrainingWorldOn({
    machine: readMachine(readFileSync(DEFINITION, 'utf8')),
    handlerOf: () => (event) => steps(event),
    ...{ tenantId: TENANT, table, settled, tokenLength: TOKEN_LENGTH, record, evaluate },
  });
  const steps = trainingSteps({ ...world, evaluate: evaluate(world.store) });
  await world.dataset({ id: DATASET });
  return { ...world, measure: meter.measure, record, sequence, ticks, heldOut };
};

export type MeasuredTraining = Awaited<ReturnType<typeof measuredTraining>>;
