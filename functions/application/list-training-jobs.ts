import type { TrainingStatus } from '#domain/training-job/status';
import type { ProviderName, TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import type { Page } from './ports/page.ts';
import type { TrainingStore } from './ports/training-store.ts';

/** What jobs of a list have in common. Several values of a field: any of them. Absent admits all. */
export interface TrainingFilter {
  readonly statuses?: readonly TrainingStatus[] | undefined;
  readonly baseModels?: readonly string[] | undefined;
  readonly targetModelNames?: readonly string[] | undefined;
  readonly providers?: readonly ProviderName[] | undefined;
}

export interface ListTrainingInput {
  readonly filter: TrainingFilter;
  readonly limit: number;
  /** Id of the job behind which the page begins. */
  readonly after?: string | undefined;
}

export interface ListedTraining {
  readonly job: TrainingJob;
  readonly live: TrainingLive | undefined;
}

/** How many jobs one request looks at, so that a filter that nothing matches ends, too. */
const LOOKED_AT = 500;
const AT_ONCE = 100;

const isIn = <T>(values: readonly T[] | undefined, value: T) => values === undefined || values.includes(value);

const matches = (job: TrainingJob, filter: TrainingFilter) =>
  isIn(filter.statuses, job.status) &&
  isIn(filter.baseModels, job.baseModel) &&
  isIn(filter.targetModelNames, job.targetModelName) &&
  isIn(filter.providers, job.provider);

/** Jobs of the tenant, newest first. A page may hold fewer than its limit and still have a next one. */
export const makeListTrainingJobs = ({ store }: { store: TrainingStore }) => {
  const find = async ({ filter, limit, after }: ListTrainingInput): Promise<Page<TrainingJob>> => {
    const found: TrainingJob[] = [];
    let position = after;
    for (let left = LOOKED_AT; left > 0; left -= AT_ONCE) {
      const page = await store.listTrainingJobs({ limit: AT_ONCE, after: position });
      found.push(...page.items.filter((job) => matches(job, filter)));
      const last = found[limit - 1]?.id;
      if (last !== undefined) {
        const isLast = page.next === undefined && last === page.items.at(-1)?.id;
        return { items: found.slice(0, limit), next: isLast ? undefined : last };
      }
      if (page.next === undefined) return { items: found };
      position = page.next;
    }
    return { items: found, next: position };
  };

  return async (input: ListTrainingInput): Promise<Page<ListedTraining>> => {
    const { items, next } = await find(input);
    const lives = await store.findTrainingLives(items.map(({ id }) => id));
    return { items: items.map((job) => ({ job, live: lives.get(job.id) })), next };
  };
};
