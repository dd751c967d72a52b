import * as z from 'zod';
import { ASSIGNMENT_STATES } from '#domain/assignment/assignment';
import { PRIORITIES } from '#domain/session/session';
import { directives } from './agent.ts';
import { FencingToken, LimitedCheckpoint } from './assignment.ts';
import { CheckpointTrigger } from './checkpoint.ts';
import { pageOf, pageQuery, Timestamp, text, Ulid } from './primitives.ts';

/** An assignment as its agent finds it again, without the work itself. */
export const OwnAssignment = z
  .object({
    assignment_id: Ulid,
    task_id: Ulid,
    session_id: Ulid,
    attempt: z.number().int(),
    state: z.enum(ASSIGNMENT_STATES),
    priority: z.enum(PRIORITIES),
    requirements: z.array(z.string()),
    fencing_token: FencingToken,
    last_event_seq: z.number().int(),
    lease_expires_at: Timestamp.optional(),
    deadline_at: Timestamp.optional(),
    created_at: Timestamp,
    claimed_at: Timestamp.optional(),
    ended_at: Timestamp.optional(),
    directives,
  })
  .meta({ id: 'OwnAssignment' });

export const OwnAssignmentsQuery = z.strictObject({ ...pageQuery, state: z.enum(ASSIGNMENT_STATES).optional() });

export const OwnAssignmentPage = pageOf(OwnAssignment).meta({
  id: 'OwnAssignmentPage',
  description: 'Open ones first, each group newest first.',
});

export const ReleaseRequest = z
  .object({
    fencing_token: FencingToken,
    reason: text(0, 200).optional(),
    checkpoint: z
      .object({
        data: LimitedCheckpoint,
        trigger: CheckpointTrigger.default('before_stop'),
        state_hash: text(1, 128).optional(),
      })
      .optional()
      .meta({ description: 'Where the next agent is to go on.' }),
  })
  .meta({ id: 'ReleaseRequest', example: { fencing_token: 1, reason: 'the machine is going down' } });

export const ReleaseAnswer = z
  .object({ assignment_id: Ulid, state: z.literal('pending'), outcome: z.literal('released') })
  .meta({ id: 'ReleaseAnswer' });
