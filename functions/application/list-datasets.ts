import type { Dataset, DatasetStatus } from '#domain/dataset/dataset';
import type { Page } from './ports/page.ts';
import type { DatasetStore } from './ports/tenant-store.ts';

const AT_ONCE = 100;
/** How many datasets one request looks at, so that a filter that nothing matches ends, too. */
const LOOKED_AT = 500;

/** Datasets of the tenant, newest first. Deleted ones only when their status is asked for. A short page may have a next one. */
export const makeListDatasets =
  ({ store }: { store: DatasetStore }) =>
  async (
    { statuses }: { statuses?: readonly DatasetStatus[] | undefined },
    { limit, after }: { limit: number; after?: string | undefined },
  ): Promise<Page<Dataset>> => {
    const isListed = ({ status }: Dataset) => (statuses ? statuses.includes(status) : status !== 'deleted');
    const found: Dataset[] = [];
    let position = after;
    for (let left = LOOKED_AT; left > 0; left -= AT_ONCE) {
      const page = await store.listDatasets({ limit: AT_ONCE, after: position });
      found.push(...page.items.filter(isListed));
      const last = found[limit - 1];
      if (last !== undefined) {
        const isEnd = page.next === undefined && last.id === page.items.at(-1)?.id;
        return { items: found.slice(0, limit), next: isEnd ? undefined : last.id };
      }
      position = page.next;
      if (position === undefined) break;
    }
    return { items: found, next: position };
  };
