import { InvalidInput } from '#domain/errors';
import { MAX_ATTEMPTS, type Session } from './session.ts';
import { record, type SessionChange } from './transition.ts';

export const MAX_DEPTH = 10;

export type NewSession = Pick<
  Session,
  | 'tenantId'
  | 'id'
  | 'title'
  | 'description'
  | 'sessionType'
  | 'priority'
  | 'tags'
  | 'modelIdentifier'
  | 'requiredCapabilities'
  | 'maxDurationSeconds'
  | 'queueTtlSeconds'
  | 'autoRetry'
  | 'createdBy'
  | 'evaluates'
>;

/**
 * A new pending session with its first event.
 * @throws InvalidInput when the parent is already as deep as a session may be
 */
export const createSession = (fields: NewSession, parent: Session | undefined, at: string): SessionChange => {
  const depth = parent ? parent.depth + 1 : 0;
  if (depth > MAX_DEPTH) {
    throw new InvalidInput([
      { path: '/parent_id', message: `a session is at most ${MAX_DEPTH} levels below its root` },
    ]);
  }
  const unborn: Session = {
    ...fields,
    version: 0,
    parentId: parent?.id,
    rootId: parent?.rootId ?? fields.id,
    depth,
    status: 'pending',
    statusUpdatedAt: at,
    createdAt: at,
    updatedAt: at,
    run: 0,
    attempt: 1,
    maxAttempts: MAX_ATTEMPTS,
  };
  const payload = {
    title: fields.title,
    session_type: fields.sessionType,
    priority: fields.priority,
    status: unborn.status,
    ...(parent ? { parent_id: parent.id } : {}),
    created_by: fields.createdBy,
  };
  return { before: null, ...record(unborn, [{ type: 'session.created', payload }], at) };
};
