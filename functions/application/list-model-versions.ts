import type { Model, ModelVersion, VersionStatus } from '#domain/model/registered-model';
import type { ModelStore } from './ports/model-store.ts';
import type { Page } from './ports/page.ts';

const AT_ONCE = 100;
/** How many versions one request looks at, so that a filter that nothing matches ends, too. */
const LOOKED_AT = 500;

/** Versions of a model, the highest first; of certain statuses only when these are named. A short page may have a next one. */
export const makeListModelVersions =
  ({ store }: { readonly store: Pick<ModelStore, 'listModelVersions'> }) =>
  async (
    { name }: Pick<Model, 'name'>,
    { statuses }: { readonly statuses?: readonly VersionStatus[] | undefined },
    { limit, after }: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<Page<ModelVersion>> => {
    const found: ModelVersion[] = [];
    let position = after;
    for (let left = LOOKED_AT; left > 0; left -= AT_ONCE) {
      const page = await store.listModelVersions(name, { limit: AT_ONCE, after: position });
      found.push(...page.items.filter(({ status }) => statuses === undefined || statuses.includes(status)));
      const last = found[limit - 1];
      if (last !== undefined) {
        const isEnd = page.next === undefined && found.length === limit;
        return { items: found.slice(0, limit), next: isEnd ? undefined : last.version };
      }
      position = page.next;
      if (position === undefined) break;
    }
    return { items: found, next: position };
  };
