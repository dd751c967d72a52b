import { type Assignment, newAssignment } from '#domain/assignment/assignment';
import type { AssignmentResult } from '#domain/assignment/result';
import { NOON } from './a-session.ts';

/** An assignment in the dispatch queue. */
export const aWorkItem = (fields: Partial<Assignment> = {}): Assignment => ({
  ...newAssignment(
    {
      tenantId: 'TENANT',
      id: 'ASSIGNMENT',
      sessionId: 'SESSION',
      attempt: 1,
      priority: 'medium',
      queueKey: fields.id ?? 'ASSIGNMENT',
      requiredCapabilities: [],
      waitUntil: '2026-05-04T13:00:00.000Z',
      maxDurationSeconds: 3600,
    },
    NOON,
  ),
  ...fields,
});

/** A result that says the work is done. */
export const aResult = (fields: Partial<AssignmentResult> = {}): AssignmentResult => ({
  status: 'completed',
  partial: false,
  retryable: false,
  verification: [],
  files: [],
  diffCut: false,
  simulated: false,
  executionTimeMs: 1000,
  ...fields,
});
