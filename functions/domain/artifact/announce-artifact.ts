import type { Assignment } from '#domain/assignment/assignment';
import { QuotaExceeded } from '#domain/errors';
import { ARTIFACT_LIMITS, type Artifact } from './artifact.ts';
import { ArtifactTooLarge } from './errors.ts';

export type AnnouncedArtifact = Pick<Artifact, 'path' | 'sizeBytes' | 'mimeType' | 'sha256'>;

/**
 * A file that the agent of an assignment will upload, counted against what it may.
 * @throws ArtifactTooLarge for one that nobody may upload
 * @throws QuotaExceeded when the assignment has too many, or too much together
 */
export const announceArtifact = (
  assignment: Assignment,
  announced: AnnouncedArtifact,
  { id, at }: { id: string; at: string },
): { readonly assignment: Assignment; readonly artifact: Artifact } => {
  const { bytesEach, count, bytesTogether } = ARTIFACT_LIMITS;
  const used = assignment.artifacts ?? { count: 0, bytes: 0 };
  if (announced.sizeBytes > bytesEach) throw new ArtifactTooLarge(bytesEach);
  if (used.count >= count) throw new QuotaExceeded('artifacts', count, used.count);
  if (used.bytes + announced.sizeBytes > bytesTogether)
    throw new QuotaExceeded('artifact_bytes', bytesTogether, used.bytes);
  return {
    assignment: { ...assignment, artifacts: { count: used.count + 1, bytes: used.bytes + announced.sizeBytes } },
    artifact: {
      ...announced,
      id,
      sessionId: assignment.sessionId,
      attempt: assignment.attempt,
      assignmentId: assignment.id,
      createdAt: at,
      revision: 0,
    },
  };
};
