import type { Artifact } from '#domain/artifact/artifact';
import { NotFound } from '#domain/errors';
import { ownAssignment } from './own-assignment.ts';
import type { ArtifactStore, AssignmentStore, SessionStore } from './ports/tenant-store.ts';

/** A file of a session that a result has named. @throws NotFound */
export const makeFindArtifact =
  ({ store }: { store: SessionStore & ArtifactStore }) =>
  async ({ sessionId, artifactId }: { sessionId: string; artifactId: string }): Promise<Artifact> => {
    await store.getSession(sessionId);
    const artifact = await store.findArtifact(sessionId, artifactId);
    if (artifact?.storedAt === undefined) throw new NotFound('artifact');
    return artifact;
  };

/**
 * A file of the session that an agent works on: what a checkpoint names, whoever uploaded it.
 * @throws NotFound
 */
export const makeFindArtifactOfWork =
  ({ store }: { store: AssignmentStore & ArtifactStore & Pick<SessionStore, 'findLive'> }) =>
  async ({
    agentId,
    assignmentId,
    artifactId,
  }: {
    agentId: string;
    assignmentId: string;
    artifactId: string;
  }): Promise<Artifact> => {
    const { sessionId } = await ownAssignment(store, agentId, assignmentId);
    const artifact = await store.findArtifact(sessionId, artifactId);
    if (artifact === undefined) throw new NotFound('artifact');
    return artifact;
  };
