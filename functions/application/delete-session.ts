import { withoutChild } from '#domain/session/children';
import { deleteSession } from '#domain/session/delete-session';
import type { Session } from '#domain/session/session';
import { sessionWrites } from './change-writes.ts';
import { expectedSession } from './expected-session.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

export interface DeleteSessionInput {
  readonly sessionId: string;
  readonly ifVersion?: number | undefined;
}

/**
 * Deletes a session on which nothing works. From then on it is answered like one that never was.
 * @throws NotFound, OperationNotAllowed, PreconditionFailed
 */
export const makeDeleteSession = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async (input: DeleteSessionInput): Promise<Session> => {
    const session = await expectedSession(store, input);
    const change = deleteSession(session, isoNow(clock));
    // also of a deleted parent, which a lead still sees; an erased one counts nothing
    const parent = session.parentId ? await store.findSession(session.parentId) : undefined;
    await store.commit([
      ...sessionWrites(change, ids),
      ...(parent ? [{ kind: 'session', before: parent, after: withoutChild(parent) } as const] : []),
    ]);
    return change.after;
  };
  return (input: DeleteSessionInput): Promise<Session> => retryConflict(clock, () => decide(input));
};
