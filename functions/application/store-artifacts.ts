import type { Artifact } from '#domain/artifact/artifact';
import { ArtifactMismatch } from '#domain/artifact/errors';
import { checkUpload, storeArtifacts } from '#domain/artifact/store-artifacts';
import type { Assignment } from '#domain/assignment/assignment';
import { ResultTaskMismatch } from '#domain/assignment/errors';
import { fence } from '#domain/assignment/fence';
import { NotFound } from '#domain/errors';
import { warnedOnce } from '#domain/session/warning';
import { sessionWrites } from './change-writes.ts';
import { ownAssignment } from './own-assignment.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { ObjectStore } from './ports/object-store.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

export interface StoreArtifactsInput {
  readonly agentId: string;
  readonly assignmentId: string;
  readonly fencingToken: number;
  readonly taskId: string;
  /** What the result names. */
  readonly named: readonly { readonly path: string; readonly artifactId: string }[];
}

/** Each takes two elements of a transaction, beside head and assignment. */
const AT_ONCE = 40;
const isNew = ({ storedAt }: Artifact) => storedAt === undefined;

/**
 * Before a result is accepted: every file that it names is there with the announced bytes, and recorded in the session.
 * An assignment that has its result already is left as it is.
 * @throws NotFound, StaleFencingToken, AssignmentClosed, ResultTaskMismatch
 * @throws ArtifactMismatch for a file that was not uploaded, or is another one
 */
export const makeStoreArtifacts = ({
  store,
  objects,
  clock,
  ids,
}: {
  store: TenantStore;
  objects: ObjectStore;
  clock: Clock;
  ids: Identifiers;
}) => {
  const checked = async (assignment: Assignment, { path, artifactId }: StoreArtifactsInput['named'][number]) => {
    const artifact = await store.findArtifact(assignment.sessionId, artifactId);
    if (artifact?.assignmentId !== assignment.id) throw new NotFound('artifact');
    if (artifact.path !== path) throw new ArtifactMismatch(artifactId, `was announced as ${artifact.path}`);
    if (isNew(artifact)) checkUpload(artifact, await objects.describe(artifact));
    return artifact;
  };

  /** Whoever looks at the session learns of it, too; once, however often the agent tries. */
  const warn = async (assignment: Assignment, { message }: ArtifactMismatch): Promise<void> => {
    const before = await store.findLive(assignment.sessionId);
    const after = before && warnedOnce(before, { type: 'artifact_mismatch', message, at: isoNow(clock) });
    if (before === undefined || after === undefined || after === before) return;
    await store.commit([
      { kind: 'assignment', before: assignment, after: assignment },
      { kind: 'session-live', before, after },
    ]);
  };

  const checkedAll = (assignment: Assignment, named: StoreArtifactsInput['named']): Promise<Artifact[]> =>
    Promise.all(named.map((one) => checked(assignment, one))).catch(async (error: unknown) => {
      if (error instanceof ArtifactMismatch) await warn(assignment, error);
      throw error;
    });

  const decide = async ({
    agentId,
    assignmentId,
    fencingToken,
    taskId,
    named,
  }: StoreArtifactsInput): Promise<boolean> => {
    const assignment = await ownAssignment(store, agentId, assignmentId);
    if (taskId !== assignment.id) throw new ResultTaskMismatch(assignment.id);
    if (assignment.resultDigest !== undefined) return true;
    fence(assignment, fencingToken, clock.now());
    const unique = [...new Map(named.map((one) => [one.artifactId, one])).values()];
    const artifacts = await checkedAll(assignment, unique);
    const added = artifacts.filter(isNew).slice(0, AT_ONCE);
    if (added.length === 0) return true;
    const at = isoNow(clock);
    const session = await store.getSession(assignment.sessionId);
    await store.commit([
      ...sessionWrites(storeArtifacts(session, added, at), ids),
      // unchanged, but whoever is granted the work meanwhile makes this fail
      { kind: 'assignment', before: assignment, after: assignment },
      ...added.map((before) => ({ kind: 'artifact', before, after: { ...before, storedAt: at } }) as const),
    ]);
    return added.length === artifacts.filter(isNew).length;
  };

  return async (input: StoreArtifactsInput): Promise<void> => {
    if (input.named.length === 0) return;
    for (let isDone = false; !isDone; ) isDone = await retryConflict(clock, () => decide(input));
  };
};
