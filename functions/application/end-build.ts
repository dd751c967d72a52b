import { partNames } from './dataset-parts.ts';
import type { DatasetFiles } from './ports/dataset-files.ts';
import type { TenantStore } from './ports/tenant-store.ts';

/** Removes what the build of an ended dataset left behind: its parts, then the note of how far it came. A repeat does the rest. */
export const makeEndBuild =
  ({ store, files }: { store: TenantStore; files: DatasetFiles }) =>
  async (datasetId: string): Promise<void> => {
    const build = await store.findDatasetBuild(datasetId);
    if (build === undefined) return;
    await files.remove(datasetId, partNames(build.parts));
    await store.commit([{ kind: 'dataset-build-removed', build }]);
  };
