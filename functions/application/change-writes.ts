import type { AgentChange } from '#domain/agent/agent-change';
import type { Checkpoint } from '#domain/checkpoint/checkpoint';
import { droppedCheckpoints } from '#domain/checkpoint/rotation';
import type { DatasetChange } from '#domain/dataset/dataset-change';
import type { DomainEvent } from '#domain/event';
import type { GateChange } from '#domain/gate/gate';
import type { SessionChange } from '#domain/session/transition';
import type { TenantChange } from '#domain/tenant/update-tenant';
import type { Identifiers } from './ports/identifiers.ts';
import type { IdempotencyRecord, Write } from './ports/write.ts';

/** Events as they are stored. */
export const eventWrites = (events: readonly DomainEvent[], ids: Identifiers): Write[] =>
  events.map((event) => ({ kind: 'event', event, eventId: ids.ulid() }));

/** What a request that may be sent again is answered with then; nothing for one that is not remembered. */
export const remembered = (record: IdempotencyRecord | undefined): Write[] =>
  record ? [{ kind: 'idempotency', record }] : [];

/** The head of a session, the events that announce its change, and the checkpoints that it no longer keeps. */
export const sessionWrites = ({ before, after, events }: SessionChange, ids: Identifiers): Write[] => [
  { kind: 'session', before, after },
  ...eventWrites(events, ids),
  ...(before ? droppedCheckpoints(before, after) : []).flatMap((sequence): Write[] => [
    { kind: 'checkpoint-removed', sessionId: after.id, sequence },
    { kind: 'work-checkpoint-removed', sessionId: after.id, sequence },
  ]),
];

// an item of its own, so that a list of checkpoints need not read it
const LARGE_DATA_BYTES = 32 * 1024;

/** The checkpoints that a session was given, beside its head and events. */
export const checkpointWrites = (checkpoints: readonly Checkpoint[]): Write[] =>
  checkpoints.flatMap(({ data, ...checkpoint }): Write[] => {
    const { sessionId, sequence, sizeBytes } = checkpoint;
    if (sizeBytes <= LARGE_DATA_BYTES) return [{ kind: 'checkpoint', checkpoint, data }];
    return [
      { kind: 'checkpoint', checkpoint },
      { kind: 'work-checkpoint', sessionId, sequence, data },
    ];
  });

/** An agent and the events that announce its change. */
export const agentWrites = ({ before, after, events }: AgentChange, ids: Identifiers): Write[] => [
  { kind: 'agent', before, after },
  ...eventWrites(events, ids),
];

/** A tenant and the event that announces its change. */
export const tenantWrites = ({ before, after, events }: TenantChange, ids: Identifiers): Write[] => [
  { kind: 'tenant', before, after },
  ...eventWrites(events, ids),
];

/** A dataset and the event that announces its change. */
export const datasetWrites = ({ before, after, events }: DatasetChange, ids: Identifiers): Write[] => [
  { kind: 'dataset', before, after },
  ...eventWrites(events, ids),
];

/** A gate's counters together with the items they count. One that was never stored is new. */
export const gateWrites = ({ before, after, ...change }: GateChange): Write[] => [
  { kind: 'gate', before: before.revision === 0 ? null : before, after },
  ...(change.removeHolder ? [{ kind: 'holder-removed', gate: after.name, holder: change.removeHolder } as const] : []),
  ...(change.addHolder ? [{ kind: 'holder-added', gate: after.name, holder: change.addHolder } as const] : []),
  ...(change.removeWaiters ?? []).map((waiter) => ({ kind: 'waiter-removed', gate: after.name, waiter }) as const),
  ...(change.addWaiter ? [{ kind: 'waiter-added', gate: after.name, waiter: change.addWaiter } as const] : []),
];
