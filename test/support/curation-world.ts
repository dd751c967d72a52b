import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeCreateDataset } from '#application/create-dataset';
import { CURATION_LIMITS, makeCurateSlice } from '#application/curate-slice';
import { makeDeleteDataset } from '#application/delete-dataset';
import { makeFailDataset } from '#application/fail-dataset';
import { makeListDatasetItems } from '#application/list-dataset-items';
import type { DatasetFiles } from '#application/ports/dataset-files';
import type { Identifiers } from '#application/ports/identifiers';
import type { ObjectStore } from '#application/ports/object-store';
import type { TenantStore } from '#application/ports/tenant-store';
import type { Write } from '#application/ports/write';
import { makeWriteDatasetFiles } from '#application/write-dataset-files';
import type { DatasetFilters, DatasetSplit } from '#domain/dataset/dataset';
import type { Session, SessionInput } from '#domain/session/session';
import { firstUlidOf } from '#domain/ulid';
import { aDataset } from './a-dataset.ts';
import { aSession, aSessionInput, aWorkspace, NOON, someLive } from './a-session.ts';
import { aResult } from './a-work-item.ts';
import { datasetFilesInMemory } from './dataset-files-in-memory.ts';
import { objectsInMemory } from './objects-in-memory.ts';
import { aClock, countedIdentifiers, interrupted } from './ports-in-memory.ts';

export interface GoodSession extends Partial<Session> {
  readonly diff?: string;
  readonly input?: Partial<SessionInput>;
}

const MINUTE_MS = 60_000;

/** A moment of its own for each of many sessions, and an id that goes with it. */
export const momentOf = (index: number): string => new Date(Date.parse(NOON) - 1e9 + index * MINUTE_MS).toISOString();
export const idOf = (index: number): string => firstUlidOf(Date.parse(momentOf(index)));

const DISTINCT_WORDS = 12;

/** Work that nothing else is like. */
export const distinctDiff = (index: number): string =>
  Array.from({ length: DISTINCT_WORDS }, (_, word) => `+line ${index}-${word}`).join('\n');

/** What stands in the table of a session whose verification passed; the index says which one it is. */
export const goodSession = (
  index: number,
  { diff = distinctDiff(index), input, ...fields }: GoodSession = {},
): Write[] => {
  const id = fields.id ?? idOf(index);
  const session = aSession({
    id,
    tenantId: 'A',
    status: 'completed',
    successRate: 1,
    successSource: 'verification',
    modelIdentifier: 'acme/large',
    createdAt: momentOf(index),
    endedAt: momentOf(index),
    ...fields,
  });
  return [
    { kind: 'session', before: null, after: session },
    {
      kind: 'session-input',
      sessionId: id,
      input: aSessionInput({ prompt: `Task ${index}.`, workspace: aWorkspace(), ...input }),
    },
    { kind: 'session-live', before: null, after: someLive({ sessionId: id, agentId: 'AGENT' }) },
    { kind: 'result', sessionId: id, attempt: 1, result: aResult({ model: undefined }) },
    ...(diff === '' ? [] : [{ kind: 'diff', sessionId: id, attempt: 1, diff } as const]),
  ];
};

const MOST_IN_ONE_TRANSACTION = 20;

/** Stores sessions, a few per transaction. */
export const storeSessions = async (store: TenantStore, sessions: readonly Write[][]): Promise<void> => {
  for (let start = 0; start < sessions.length; start += MOST_IN_ONE_TRANSACTION)
    await store.commit(sessions.slice(start, start + MOST_IN_ONE_TRANSACTION).flat());
};

/** A tenant's datasets: the use cases of their build over a table and files. */
export const curationOn = (
  engine: ItemEngine,
  files: DatasetFiles,
  {
    tenantId = 'A',
    limits = CURATION_LIMITS,
    objects = objectsInMemory().of(tenantId),
    ids = countedIdentifiers(),
  }: { tenantId?: string; limits?: typeof CURATION_LIMITS; objects?: ObjectStore; ids?: Identifiers } = {},
) => {
  const store = makeTenantStore(engine, tenantId);
  const clock = aClock();
  const ports = { store, files, objects, clock, digest: nodeDigest, ids };
  const createDataset = makeCreateDataset(ports);
  return {
    ...ports,
    createDataset,
    curateSlice: makeCurateSlice(ports, limits),
    writeFiles: makeWriteDatasetFiles(ports),
    failDataset: makeFailDataset(ports),
    deleteDataset: makeDeleteDataset(ports),
    listItems: makeListDatasetItems(ports),
    addTenant: (trainingDataEnabled?: boolean) =>
      store.commit([
        {
          kind: 'tenant',
          before: null,
          after: {
            ...{ id: tenantId, name: tenantId, slug: tenantId, status: 'active', version: 1 },
            ...{ createdAt: NOON, createdBy: 'ADMIN', trainingDataEnabled, revision: 0 },
          },
        },
      ]),
    create: (filters: Partial<DatasetFilters> = {}, split: Partial<DatasetSplit> = {}, includeTranscripts = true) => {
      const { name, filters: usual, split: half } = aDataset();
      const fields = { name, filters: { ...usual, ...filters }, split: { ...half, ...split }, includeTranscripts };
      return createDataset({ fields, createdBy: 'USER' });
    },
  };
};

/** A tenant with sessions, its table and its files, and the build of its datasets. */
export const aCuration = async (sessions: readonly Write[][] = [], limits = CURATION_LIMITS) => {
  const memory = makeMemoryEngine();
  const engine = interrupted(memory);
  const files = datasetFilesInMemory();
  const objects = objectsInMemory();
  const curation = curationOn(engine, files.of('A'), { limits, objects: objects.of('A') });
  await curation.addTenant();
  await storeSessions(curation.store, sessions);
  /** As the machine does. */
  const build = async (datasetId: string) => {
    while ((await curation.curateSlice({ datasetId })) === 'more');
    return curation.writeFiles({ datasetId });
  };
  const linesOf = (datasetId: string, part: 'train' | 'eval') =>
    files
      .textOf('A', datasetId, `${part}.jsonl`)
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return {
    ...curation,
    objectsOf: objects.of,
    engine,
    memory,
    stored: files.stored,
    textOf: files.textOf,
    build,
    linesOf,
  };
};
