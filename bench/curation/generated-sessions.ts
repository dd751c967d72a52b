import type { TenantStore } from '#application/ports/tenant-store';
import type { Write } from '#application/ports/write';
import type { Dataset, DatasetBuild } from '#domain/dataset/dataset';
import { aDataset } from '#test/support/a-dataset';
import { aSession, aSessionInput, aWorkspace } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';
import { idOf, momentOf } from '#test/support/curation-world';

const LINES = 60;
/** One in so many repeats another one word for word, one nearly. */
const REPEATS = 20;
const NEARLY = 10;

const repeats = (index: number) => index % REPEATS === 1;
const nearlyRepeats = (index: number) => index % NEARLY === 2;

/** A diff of about 3 KB, that of the session itself or of the one before it. */
const diffOf = (index: number): string => {
  const source = repeats(index) || nearlyRepeats(index) ? index - 1 : index;
  const lines = Array.from(
    { length: LINES },
    (_, line) => `+  const value${source}x${line} = compute(${source * line});`,
  );
  return `${[...lines, ...(nearlyRepeats(index) ? [`+// ${index}`] : [])].join('\n')}\n`;
};

const sessionOf = (index: number) =>
  aSession({
    ...{ id: idOf(index), tenantId: 'A', status: 'completed', successRate: 1, successSource: 'verification' },
    ...{ createdAt: momentOf(index), endedAt: momentOf(index), modelIdentifier: 'acme/large' },
  });

/**
 * The store of a tenant with so many successful sessions, each made when it is read, so that what is measured is the memory of
 * curation and not that of a table.
 */
export const generatedSessions = (count: number): { store: TenantStore; dataset: () => Dataset } => {
  let dataset = aDataset({ filters: { ...aDataset().filters, limit: count }, includeTranscripts: false });
  let build: DatasetBuild | undefined;
  const indexes = new Map<string, number>();

  const apply = (write: Write) => {
    if (write.kind === 'dataset') dataset = write.after;
    if (write.kind === 'dataset-build') build = write.after;
    if (write.kind === 'dataset-build-removed') build = undefined;
  };

  const store: Partial<TenantStore> = {
    tenantId: 'A',
    commit: async (writes) => writes.forEach(apply),
    getDataset: async () => dataset,
    getTenant: async () => ({
      ...{ id: 'A', name: 'A', slug: 'a', status: 'active', version: 1, createdBy: 'ADMIN', revision: 1 },
      createdAt: dataset.createdAt,
    }),
    findDatasetBuild: async () => build,
    listDatasetUsers: async () => [],
    async listSessions({ limit, after }) {
      const from = after === undefined ? count - 1 : (indexes.get(after) as number) - 1;
      indexes.clear();
      const items = Array.from({ length: Math.min(limit, from + 1) }, (_, index) => {
        indexes.set(idOf(from - index), from - index);
        return sessionOf(from - index);
      });
      return { items, next: from + 1 > limit ? items.at(-1)?.id : undefined };
    },
    async findWorks(sessions) {
      return new Map(
        sessions.map(({ id }) => {
          const index = indexes.get(id) as number;
          const prompt = `Compute the values of module ${repeats(index) ? index - 1 : index}.`;
          const input = aSessionInput({ prompt, workspace: aWorkspace() });
          return [id, { input, agentId: 'AGENT', result: aResult({ model: undefined }), diff: diffOf(index) }];
        }),
      );
    },
  };
  return { store: store as TenantStore, dataset: () => dataset };
};
