import type { TextObjects } from '#application/ports/object-store';
import type { TenantStore } from '#application/ports/tenant-store';
import type { IdempotencyRecord } from '#application/ports/write';
import { type EntityName, NotFound } from '#domain/errors';
import type { Tenant } from '#domain/tenant/tenant';
import { makeAgentStore } from './agent-store.ts';
import { makeArtifactStore } from './artifact-store.ts';
import { makeAssignmentStore } from './assignment-store.ts';
import { makeCheckpointStore } from './checkpoint-store.ts';
import { makeCommitWithTexts } from './checkpoint-texts.ts';
import { makeDatasetStore } from './dataset-store.ts';
import { makeErasureStore } from './erasure-store.ts';
import { makeGateStore } from './gate-store.ts';
import type { ItemEngine } from './item-engine.ts';
import { makeModelStore } from './model-store.ts';
import { makeSessionStore } from './session-store.ts';
import { finderOn } from './stored-entity.ts';
import * as keys from './table.ts';
import { makeTrainingStore } from './training-store.ts';
import { makeWaitStore } from './wait-store.ts';
import { makeWorkStore } from './work-store.ts';
import { writeOperation } from './write-operation.ts';

const must = <T>(found: T | undefined, entity: EntityName): T => {
  if (found === undefined) throw new NotFound(entity);
  return found;
};

/** Everything stored of one tenant. Every key it makes begins with that tenant. With `texts` large data goes to object storage. */
export const makeTenantStore = (engine: ItemEngine, tenantId: string, texts?: TextObjects): TenantStore => {
  const find = finderOn(engine);

  return {
    tenantId,
    commit: texts
      ? makeCommitWithTexts(engine, tenantId, texts)
      : (writes) => engine.transact(writes.map((write) => writeOperation(tenantId, write))),
    ...makeSessionStore(engine, tenantId),
    ...makeWorkStore(engine, tenantId),
    ...makeCheckpointStore(engine, tenantId, texts),
    ...makeArtifactStore(engine, tenantId),
    ...makeWaitStore(engine, tenantId),
    ...makeGateStore(engine, tenantId),
    ...makeAssignmentStore(engine, tenantId),
    ...makeAgentStore(engine, tenantId),
    ...makeDatasetStore(engine, tenantId),
    ...makeErasureStore(engine, tenantId),
    ...makeTrainingStore(engine, tenantId),
    ...makeModelStore(engine, tenantId),
    findIdempotency: (digest) => find<IdempotencyRecord>(keys.idempotencyKey(tenantId, digest), 'idempotency'),
    getTenant: async () => must(await find<Tenant>(keys.tenantKey(tenantId), 'tenant'), 'tenant'),
  };
};
