import { type AnnouncedArtifact, announceArtifact } from '#domain/artifact/announce-artifact';
import type { Artifact } from '#domain/artifact/artifact';
import { fence, withinDeadline } from '#domain/assignment/fence';
import { renew } from '#domain/assignment/lease';
import { remembered } from './change-writes.ts';
import { hearWork, signWrites } from './follow-signs.ts';
import { makeHearAgent } from './hear-agent.ts';
import { ownAssignment } from './own-assignment.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';

export interface CreateArtifactInput {
  readonly agentId: string;
  readonly assignmentId: string;
  readonly fencingToken: number;
  readonly announced: AnnouncedArtifact;
  readonly remember?: ((artifact: Artifact) => IdempotencyRecord) | undefined;
}

/**
 * Announces a file that the agent will upload, and renews its lease.
 * @throws NotFound, StaleFencingToken, AssignmentClosed, AssignmentDeadlinePassed, ArtifactTooLarge, QuotaExceeded
 */
export const makeCreateArtifact = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const hear = makeHearAgent({ store, clock, ids });

  const decide = async (input: CreateArtifactInput): Promise<Artifact> => {
    const assignment = await ownAssignment(store, input.agentId, input.assignmentId);
    const now = clock.now();
    fence(assignment, input.fencingToken, now);
    withinDeadline(assignment, now);
    const announced = announceArtifact(assignment, input.announced, { id: ids.ulid(), at: isoNow(clock) });
    const heard = await hearWork({ store }, renew(announced.assignment, now), { now });
    await store.commit([
      { kind: 'assignment', before: assignment, after: heard },
      ...(await signWrites({ store, ids }, assignment, heard, now)),
      { kind: 'artifact', before: null, after: announced.artifact },
      ...remembered(input.remember?.(announced.artifact)),
    ]);
    return announced.artifact;
  };
  return async (input: CreateArtifactInput): Promise<Artifact> => {
    // first, for what fails after the announcement would have it made again
    await hear(input.agentId);
    return retryConflict(clock, () => decide(input));
  };
};
