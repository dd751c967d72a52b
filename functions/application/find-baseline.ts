import { CHAMPION, versionAt } from '#domain/model/alias-stacks';
import type { TenantStore } from './ports/tenant-store.ts';

/**
 * The artifact that a new version of a model is compared with: the champion's. Undefined without one, and for one that was
 * simulated: then the bare base model is the baseline.
 */
export const makeFindBaseline =
  ({ store }: { store: Pick<TenantStore, 'findModel' | 'findModelVersion'> }) =>
  async (modelName: string): Promise<string | undefined> => {
    const model = await store.findModel(modelName);
    const champion = model && versionAt(model.aliases, CHAMPION);
    if (champion === undefined) return undefined;
    const version = await store.findModelVersion(modelName, champion);
    return version?.simulated === false ? (version.artifactUri ?? undefined) : undefined;
  };
