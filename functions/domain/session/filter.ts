import type { Priority, Session, SessionType } from './session.ts';
import type { SessionStatus } from './status.ts';

/** What sessions of a list have in common. Several values of a field: any of them; tags: all of them. Absent admits all. */
export interface SessionFilter {
  readonly statuses?: readonly SessionStatus[] | undefined;
  readonly sessionTypes?: readonly SessionType[] | undefined;
  readonly priorities?: readonly Priority[] | undefined;
  readonly createdBy?: readonly string[] | undefined;
  /** `none` admits sessions without a parent. */
  readonly parentIds?: readonly (string | 'none')[] | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Contained in title or description, whatever the case. */
  readonly search?: string | undefined;
  /** ISO; included. */
  readonly createdFrom?: string | undefined;
  /** ISO; not included. */
  readonly createdTo?: string | undefined;
  readonly includeDeleted: boolean;
}

const isIn = <T>(values: readonly T[] | undefined, value: T) => values === undefined || values.includes(value);

const isCreatedWithin = ({ createdFrom, createdTo }: SessionFilter, at: string) =>
  (createdFrom === undefined || createdFrom <= at) && (createdTo === undefined || at < createdTo);

const isFound = (text: string | undefined, { title, description = '' }: Session) =>
  text === undefined || [title, description].some((one) => one.toLowerCase().includes(text.toLowerCase()));

/** Whether a session belongs to a list. */
export const matches = (session: Session, filter: SessionFilter): boolean =>
  (filter.includeDeleted || session.deletedAt === undefined) &&
  isIn(filter.statuses, session.status) &&
  isIn(filter.sessionTypes, session.sessionType) &&
  isIn(filter.priorities, session.priority) &&
  isIn(filter.createdBy, session.createdBy) &&
  isIn(filter.parentIds, session.parentId ?? 'none') &&
  (filter.tags ?? []).every((tag) => session.tags.includes(tag)) &&
  isCreatedWithin(filter, session.createdAt) &&
  isFound(filter.search, session);
