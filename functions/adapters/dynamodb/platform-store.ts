import type { CredentialStore } from '#application/ports/credential-store';
import type { DueWork } from '#application/ports/due-work';
import type { PlatformLedger } from '#application/ports/platform-ledger';
import type { StoredCredential } from '#domain/credential/principal';
import type { ItemEngine } from './item-engine.ts';
import { entityOf } from './stored-entity.ts';
import * as keys from './table.ts';
import { writeOperation } from './write-operation.ts';

/** Credentials across tenants: for the authorizer only. */
export const makeCredentialStore = (engine: ItemEngine): CredentialStore => ({
  findCredential: async (credentialId) =>
    entityOf<StoredCredential>(await engine.get(keys.credentialKey(credentialId)), 'credential'),
});

/** Changes that concern two tenants: for the bootstrap only. */
export const makePlatformLedger = (engine: ItemEngine): PlatformLedger => ({
  commitAll: (groups) =>
    engine.transact(groups.flatMap(({ tenantId, writes }) => writes.map((write) => writeOperation(tenantId, write)))),
});

/** Due work across tenants: for sweepers only. */
export const makeDueWork = (engine: ItemEngine): DueWork => {
  const due = async (kind: keys.DueKind, until: string, limit: number) => {
    const shards = keys.DUE_SHARDS.map((shard) =>
      engine.query({ index: 'gsi3', pk: keys.dueWork(kind, shard), until: `${until}#~`, limit }),
    );
    return (await Promise.all(shards)).flat().map(keys.ownerOfKey);
  };
  const tenantsIn = async (kind: keys.DueKind, shard: string, limit: number): Promise<string[]> => {
    const found: string[] = [];
    for (let after: string | undefined; found.length < limit; ) {
      const [first] = await engine.query({ index: 'gsi3', pk: keys.dueWork(kind, shard), after, limit: 1 });
      if (first === undefined) break;
      const { tenantId } = keys.ownerOfKey(first);
      found.push(tenantId);
      after = keys.behindTenant(tenantId);
    }
    return found;
  };
  return {
    async tenantsWithWaitingWork(limit) {
      const shards = await Promise.all(keys.DUE_SHARDS.map((shard) => tenantsIn('work', shard, limit)));
      return [...new Set(shards.flat())];
    },
    dueLeases: async (until, limit) =>
      (await due('lease', until, limit)).map(({ tenantId, id }) => ({ tenantId, assignmentId: id })),
    dueWaits: async (until, limit) =>
      (await due('wait', until, limit)).map(({ tenantId, id }) => ({ tenantId, sessionId: id })),
    dueErasures: async (until, limit) =>
      (await due('erasure', until, limit)).map(({ tenantId, id }) => ({ tenantId, sessionId: id })),
    dueBuilds: async (until, limit) =>
      (await due('build', until, limit)).map(({ tenantId, id }) => ({ tenantId, datasetId: id })),
    dueGates: async (until, limit) =>
      (await due('gate', until, limit)).map(({ tenantId, id }) => ({ tenantId, gate: id })),
    async dueTraining(until, { limit, after }) {
      const pk = keys.dueWork('training', keys.DUE_SHARDS[0]);
      const found = await engine.query({ index: 'gsi3', pk, after, until: `${until}#~`, limit });
      const items = found.map((item) => {
        const { tenantId, id } = keys.ownerOfKey(item);
        return { tenantId, jobId: id, dueAt: String(item['gsi3sk']).split('#', 1)[0] as string };
      });
      return { items, next: found.length < limit ? undefined : (found.at(-1)?.['gsi3sk'] as string | undefined) };
    },
    dueAgents: async (until, limit) =>
      (await due('agent', until, limit)).map(({ tenantId, id }) => ({ tenantId, agentId: id })),
  };
};
