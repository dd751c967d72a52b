import type { SessionLive } from '#domain/session/live';
import { freshLive } from '#domain/session/live';
import type { Session, SessionInput, Workspace } from '#domain/session/session';

/** Any moment; tests say how much later something happens. */
export const NOON = '2026-05-04T12:00:00.000Z';

/** A pending session with everything that a test does not care about. */
export const aSession = (fields: Partial<Session> = {}): Session => ({
  tenantId: 'TENANT',
  id: 'SESSION',
  version: 1,
  title: 'Say hello',
  sessionType: 'execution',
  priority: 'medium',
  rootId: fields.id ?? 'SESSION',
  depth: 0,
  tags: [],
  requiredCapabilities: [],
  maxDurationSeconds: 3600,
  queueTtlSeconds: 86_400,
  autoRetry: 'transient',
  status: 'pending',
  statusUpdatedAt: NOON,
  createdAt: NOON,
  createdBy: 'USER',
  updatedAt: NOON,
  run: 0,
  attempt: 1,
  maxAttempts: 3,
  ...fields,
});

/** A workspace whose only command verifies. */
export const aWorkspace = (fields: Partial<Workspace> = {}): Workspace => ({
  repositoryUrl: 'https://example.com/repository.git',
  subdirectory: '',
  push: 'never',
  setup: [],
  verify: [{ name: 'tests', run: 'true', timeoutSeconds: 60, weight: 1 }],
  verifyPolicy: 'require',
  permissions: {},
  ...fields,
});

export const aSessionInput = (fields: Partial<SessionInput> = {}): SessionInput => ({
  prompt: 'Do nothing.',
  agentConfig: {},
  metadata: {},
  ...fields,
});

export const someLive = (fields: Partial<SessionLive> = {}): SessionLive => ({ ...freshLive('SESSION', 1), ...fields });
