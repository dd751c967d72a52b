import type { Session } from '#domain/session/session';
import type { DatasetCounts, DatasetFilters, SuccessSource } from './dataset.ts';

/** Why a session or what it would teach is left out; the name of its count. */
export type Exclusion = keyof Pick<
  DatasetCounts,
  'notMatching' | 'unknownSuccessRate' | 'belowThreshold' | 'consent' | 'blank' | 'tooLong' | 'tooManyRedactions'
>;

/** Sessions with this tag are never learned from. */
export const NO_TRAINING_TAG = 'no-training';

const isIn = <T>(values: readonly T[] | undefined, value: T | undefined) =>
  values === undefined || (value !== undefined && values.includes(value));

const hasStatus = ({ status, deletedAt }: Session, { includePartial }: DatasetFilters) =>
  deletedAt === undefined && (status === 'completed' || (includePartial && status === 'partially_completed'));

const isCreatedWithin = ({ createdAt }: Session, { createdFrom, createdTo }: DatasetFilters) =>
  (createdFrom === undefined || createdFrom <= createdAt) && (createdTo === undefined || createdAt < createdTo);

/** Whether the filters admit what a session's head says. */
const headMatches = (session: Session, filters: DatasetFilters): boolean =>
  hasStatus(session, filters) &&
  isIn(filters.sessionTypes, session.sessionType) &&
  (filters.tags ?? []).every((tag) => session.tags.includes(tag)) &&
  isCreatedWithin(session, filters);

const judgeSuccess = (session: Session, filters: DatasetFilters): Exclusion | undefined => {
  const { successRate, successSource } = session;
  if (successRate === undefined || !isIn<SuccessSource>(filters.successSources, successSource))
    return 'unknownSuccessRate';
  if (successRate < filters.minSuccessRate) return 'belowThreshold';
  return session.tags.includes(NO_TRAINING_TAG) ? 'consent' : undefined;
};

/** Why a session is left out, as far as its head tells without its attempt. */
export const judgeHead = (session: Session, filters: DatasetFilters): Exclusion | undefined => {
  if (!headMatches(session, filters)) return 'notMatching';
  // a filter that needs the attempt comes before the success in the order of the counts
  const needsAttempt = filters.agentIds !== undefined || filters.modelIdentifiers !== undefined;
  return needsAttempt ? undefined : judgeSuccess(session, filters);
};

/** Why a session is left out, with what its attempt says. */
export const judgeSession = (
  session: Session,
  attempt: { readonly agentId?: string | undefined; readonly modelIdentifier?: string | undefined },
  filters: DatasetFilters,
): Exclusion | undefined => {
  const isAdmitted =
    headMatches(session, filters) &&
    isIn(filters.agentIds, attempt.agentId) &&
    isIn(filters.modelIdentifiers, attempt.modelIdentifier);
  return isAdmitted ? judgeSuccess(session, filters) : 'notMatching';
};
