import type { Write } from '#application/ports/write';
import { headRevision } from '#domain/session/children';
import { erasureTime } from '#domain/session/delete-session';
import type { Wait } from '#domain/session/wait';
import { checkpointOperation } from './checkpoint-operation.ts';
import { agentIndexes, assignmentIndexes, datasetIndexes } from './entity-indexes.ts';
import { erasureOperation } from './erasure-operation.ts';
import { gateOperation } from './gate-operation.ts';
import type { Condition, Operation } from './item-engine.ts';
import { modelOperation } from './model-operation.ts';
import { put, putNew, seen } from './put-operation.ts';
import * as keys from './table.ts';
import { trainingOperation } from './training-operation.ts';

/** That the stored wait is this one. */
export const isStill = ({ taskToken, since }: Wait): Condition =>
  taskToken === undefined
    ? { kind: 'equals', attribute: 'since', value: since }
    : { kind: 'equals', attribute: 'taskToken', value: taskToken };

/** The one wait of a session, unless a later run has one already. */
export const waitOperation = (tenantId: string, wait: Wait, condition?: Condition): Operation => ({
  put: {
    ...wait,
    entity: 'wait',
    ...(wait.dueAt
      ? { gsi3pk: keys.dueWork('wait', keys.DUE_SHARDS[0]), gsi3sk: `${wait.dueAt}#${tenantId}#${wait.sessionId}` }
      : {}),
    ...keys.waitKey(tenantId, wait.sessionId),
  },
  condition: condition ?? { kind: 'at-most', attribute: 'run', value: wait.run },
  what: 'wait',
});

const SECOND_MS = 1000;

type SessionWrite = Extract<
  Write,
  {
    kind:
      | 'session'
      | 'session-input'
      | 'session-live'
      | 'attempt'
      | 'log-page'
      | 'result'
      | 'diff'
      | 'wait'
      | 'wait-removed';
  }
>;

const sessionWriteOperation = (tenantId: string, write: SessionWrite): Operation => {
  switch (write.kind) {
    case 'session': {
      const { before, after } = write;
      const key = keys.sessionKey(tenantId, after.id);
      const item = {
        ...after,
        rev: headRevision(after),
        entity: 'session',
        gsi1pk: keys.sessionsByTime(tenantId),
        gsi1sk: after.id,
        ...(after.deletedAt
          ? {
              gsi3pk: keys.dueWork('erasure', keys.DUE_SHARDS[0]),
              gsi3sk: `${erasureTime(after.deletedAt)}#${tenantId}#${after.id}`,
            }
          : {}),
        ...key,
      };
      return {
        put: item,
        condition: before === null ? { kind: 'absent' } : { kind: 'revision', revision: headRevision(before) },
        what: 'session',
      };
    }
    case 'session-input':
      return putNew('session-input', keys.sessionInputKey(tenantId, write.sessionId), write.input, {
        kind: write.replaces ? 'exists' : 'absent',
      });
    case 'session-live':
      return put('session-live', keys.sessionLiveKey(tenantId, write.after.sessionId), write);
    case 'attempt':
      return putNew('attempt', keys.attemptKey(tenantId, write.sessionId, write.attempt.attempt), write.attempt, {
        kind: 'any',
      });
    case 'log-page': {
      const first = write.lines[0]?.logSeq ?? 0;
      return putNew('log-page', keys.logPageKey(tenantId, write.sessionId, write.attempt, first), {
        lines: write.lines,
      });
    }
    case 'result':
      return putNew('result', keys.resultKey(tenantId, write.sessionId, write.attempt), write.result);
    case 'diff':
      return putNew('diff', keys.diffKey(tenantId, write.sessionId, write.attempt), { diff: write.diff });
    case 'wait':
      return waitOperation(tenantId, write.wait, write.seen && isStill(write.seen));
    case 'wait-removed':
      return { remove: keys.waitKey(tenantId, write.sessionId), condition: { kind: 'any' }, what: 'wait' };
  }
};

type TenancyWrite = Extract<
  Write,
  { kind: 'tenant' | 'slug' | 'user' | 'api-key' | 'credential' | 'credential-removed' | 'idempotency' }
>;

const tenancyWriteOperation = (tenantId: string, write: TenancyWrite): Operation => {
  switch (write.kind) {
    case 'tenant':
      return put('tenant', keys.tenantKey(tenantId), write);
    case 'slug':
      return putNew('slug', keys.slugKey(write.slug), { tenantId: write.tenantId });
    case 'user':
      return putNew('user', keys.userKey(tenantId, write.user.id), write.user);
    case 'api-key':
      return putNew('api-key', keys.apiKeyKey(tenantId, write.apiKey.id), write.apiKey);
    case 'credential':
      return putNew('credential', keys.credentialKey(write.credential.credentialId), write.credential);
    case 'credential-removed': {
      // its key names no tenant, so the condition does
      const condition = { kind: 'absent-or-equals', steps: ['principal', 'tenantId'], value: tenantId } as const;
      return { remove: keys.credentialKey(write.credentialId), condition, what: 'credential' };
    }
    case 'idempotency': {
      const { record } = write;
      const ttl = Math.floor(Date.parse(record.expiresAt) / SECOND_MS);
      // the engine removes expired records late, so a new one may replace them
      const condition = { kind: 'past', attribute: 'expiresAt', now: record.rememberedAt } as const;
      return putNew('idempotency', keys.idempotencyKey(tenantId, record.digest), { ...record, ttl }, condition);
    }
  }
};

type AgentWrite = Extract<Write, { kind: 'event' | 'assignment' | 'agent' | 'agent-name' | 'agent-quota' }>;

const agentWriteOperation = (tenantId: string, write: AgentWrite): Operation => {
  switch (write.kind) {
    case 'event': {
      const { event, eventId } = write;
      return putNew('event', keys.eventKey(tenantId, event.stream, event.seq), { ...event, eventId, tenantId });
    }
    case 'assignment':
      return put(
        'assignment',
        keys.assignmentKey(tenantId, write.after.id),
        write,
        assignmentIndexes(tenantId, write.after),
      );
    case 'agent':
      return put('agent', keys.agentKey(tenantId, write.after.id), write, agentIndexes(tenantId, write.after));
    case 'agent-quota':
      return put('agent-quota', keys.agentQuotaKey(tenantId), write);
    case 'agent-name':
      return putNew('agent-name', keys.agentNameKey(tenantId, write.name), { agentId: write.agentId });
  }
};

type DatasetWrite = Extract<Write, { kind: 'dataset' | 'dataset-build' | 'dataset-build-removed' }>;

const datasetWriteOperation = (tenantId: string, write: DatasetWrite): Operation => {
  switch (write.kind) {
    case 'dataset':
      return put('dataset', keys.datasetKey(tenantId, write.after.id), write, datasetIndexes(tenantId, write.after));
    case 'dataset-build':
      return put('dataset-build', keys.datasetBuildKey(tenantId, write.after.datasetId), write);
    case 'dataset-build-removed':
      return {
        remove: keys.datasetBuildKey(tenantId, write.build.datasetId),
        condition: seen(write.build),
        what: 'dataset-build',
      };
  }
};

/** The write of one tenant as an operation on the table. The only place that decides where an entity lives. */
export const writeOperation = (tenantId: string, write: Write): Operation => {
  switch (write.kind) {
    case 'session':
    case 'session-input':
    case 'session-live':
    case 'attempt':
    case 'log-page':
    case 'result':
    case 'diff':
    case 'wait':
    case 'wait-removed':
      return sessionWriteOperation(tenantId, write);
    case 'session-erased':
    case 'assignment-erased':
      return erasureOperation(tenantId, write);
    case 'artifact':
      return put('artifact', keys.artifactKey(tenantId, write.after.sessionId, write.after.id), write);
    case 'checkpoint':
    case 'work-checkpoint':
    case 'checkpoint-removed':
    case 'work-checkpoint-removed':
      return checkpointOperation(tenantId, write);
    case 'gate':
    case 'holder-added':
    case 'holder-removed':
    case 'waiter-added':
    case 'waiter-removed':
      return gateOperation(tenantId, write);
    case 'model':
    case 'model-version':
    case 'alias-move':
    case 'tally':
      return modelOperation(tenantId, write);
    case 'dataset':
    case 'dataset-build':
    case 'dataset-build-removed':
      return datasetWriteOperation(tenantId, write);
    case 'tenant':
    case 'slug':
    case 'user':
    case 'api-key':
    case 'credential':
    case 'credential-removed':
    case 'idempotency':
      return tenancyWriteOperation(tenantId, write);
    case 'event':
    case 'assignment':
    case 'agent':
    case 'agent-name':
    case 'agent-quota':
      return agentWriteOperation(tenantId, write);
    default:
      return trainingOperation(tenantId, write);
  }
};
