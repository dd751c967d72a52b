import type { ArtifactStore } from '#application/ports/tenant-store';
import type { Artifact } from '#domain/artifact/artifact';
import type { ItemEngine } from './item-engine.ts';
import { entityOf, finderOn } from './stored-entity.ts';
import * as keys from './table.ts';

/** Descriptions of the files of one tenant's sessions. */
export const makeArtifactStore = (engine: ItemEngine, tenantId: string): ArtifactStore => {
  const find = finderOn(engine);

  return {
    findArtifact: (sessionId, id) => find<Artifact>(keys.artifactKey(tenantId, sessionId, id), 'artifact'),
    async listArtifacts(sessionId, { after, limit }) {
      const { pk, sk } = keys.artifactKey(tenantId, sessionId, after ?? '');
      const found = await engine.query({
        pk,
        prefix: keys.PREFIX.artifact,
        after: after === undefined ? undefined : sk,
        limit,
      });
      const items = found.map((item) => entityOf<Artifact>(item, 'artifact') as Artifact);
      return { items, next: found.length < limit ? undefined : items.at(-1)?.id };
    },
  };
};
