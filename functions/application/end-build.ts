import { PART_PREFIX } from './dataset-parts.ts';
import type { DatasetFiles } from './ports/dataset-files.ts';
import type { TenantStore } from './ports/tenant-store.ts';

/**
 * Removes what the build of an ended dataset left behind: its parts, also those that a lost step stored without counting them, then the
 * note of how far it came. A repeat does the rest.
 */
export const makeEndBuild =
  ({ store, files }: { store: TenantStore; files: DatasetFiles }) =>
  async (datasetId: string): Promise<void> => {
    for (;;) {
      const left = await files.list(datasetId, PART_PREFIX);
      if (left.length === 0) break;
      await files.remove(datasetId, left);
    }
    const build = await store.findDatasetBuild(datasetId);
    if (build !== undefined) await store.commit([{ kind: 'dataset-build-removed', build }]);
  };
