import * as z from 'zod';
import {
  AddCheckpointRequest,
  Checkpoint,
  CheckpointList,
  ListCheckpointsQuery,
  RestoreCheckpointRequest,
} from './checkpoint.ts';
import { Ulid } from './primitives.ts';
import type { Route } from './route.ts';
import { Session } from './session.ts';

const CHECKPOINTS = '/api/v1/sessions/{session_id}/checkpoints' as const;
const SessionPath = z.strictObject({ session_id: Ulid });

/** Operations on the checkpoints of a session. */
export const checkpointRoutes = {
  addSessionCheckpoint: {
    operationId: 'add_session_checkpoint',
    method: 'POST',
    path: CHECKPOINTS,
    role: 'member',
    group: 'sessions-command',
    summary: 'Adds a checkpoint to a session whose work has begun.',
    success: 201,
    params: SessionPath,
    body: AddCheckpointRequest,
    response: Checkpoint,
    errors: [
      'SESSION_NOT_FOUND',
      'INVALID_TRANSITION',
      'PAYLOAD_TOO_LARGE',
      'PRECONDITION_FAILED',
      'IDEMPOTENCY_KEY_REUSED',
      'CONCURRENT_UPDATE',
    ],
  },
  listSessionCheckpoints: {
    operationId: 'list_session_checkpoints',
    method: 'GET',
    path: CHECKPOINTS,
    role: 'viewer',
    group: 'sessions-query',
    summary: 'Lists the checkpoints of a session, the newest first.',
    success: 200,
    params: SessionPath,
    query: ListCheckpointsQuery,
    response: CheckpointList,
    errors: ['SESSION_NOT_FOUND', 'INVALID_CURSOR'],
  },
  restoreSessionCheckpoint: {
    operationId: 'restore_session_checkpoint',
    method: 'POST',
    path: `${CHECKPOINTS}/{checkpoint_id}/restore`,
    role: 'member',
    group: 'sessions-command',
    summary: "Chooses the checkpoint that the session's work next begins from.",
    success: 200,
    params: z.strictObject({ session_id: Ulid, checkpoint_id: Ulid }),
    body: RestoreCheckpointRequest,
    response: Session,
    errors: [
      'SESSION_NOT_FOUND',
      'CHECKPOINT_NOT_FOUND',
      'INVALID_TRANSITION',
      'PRECONDITION_FAILED',
      'IDEMPOTENCY_KEY_REUSED',
      'CONCURRENT_UPDATE',
    ],
  },
} as const satisfies Record<string, Route>;
