import * as z from 'zod';
import { CHECKPOINT_TRIGGERS } from '#domain/checkpoint/checkpoint';
import { flag, jsonMap, pageOf, pageQuery, Timestamp, Ulid } from './primitives.ts';

const KILOBYTE = 1024;
export const CHECKPOINT_MAX_BYTES = 256 * KILOBYTE;

export const CheckpointTrigger = z.enum(CHECKPOINT_TRIGGERS);

/** A JSON object that means something to whoever wrote it and to nobody else. */
export const CheckpointData = z.record(z.string(), z.json());

export const AddCheckpointRequest = z
  .strictObject({
    checkpoint_data: CheckpointData,
    metadata: jsonMap(4).optional(),
    trigger: CheckpointTrigger.default('manual'),
  })
  .meta({ id: 'AddCheckpointRequest', example: { checkpoint_data: { step: 2, files: ['a.ts'] } } });

export const RestoreCheckpointRequest = z.strictObject({}).meta({ id: 'RestoreCheckpointRequest' });

/** How a session names a checkpoint. */
export const CheckpointRef = z
  .object({ checkpoint_id: Ulid, sequence: z.number().int(), created_at: Timestamp })
  .meta({ id: 'CheckpointRef' });

export const Checkpoint = z
  .object({
    id: Ulid,
    sequence: z.number().int(),
    attempt: z.number().int(),
    trigger: CheckpointTrigger,
    data: CheckpointData.optional(),
    metadata: z.record(z.string(), z.json()).optional(),
    state_hash: z.string(),
    size_bytes: z.number().int(),
    created_at: Timestamp,
    created_by: z.string(),
  })
  .meta({ id: 'Checkpoint' });

export const CheckpointList = pageOf(Checkpoint).meta({ id: 'CheckpointList' });

export const ListCheckpointsQuery = z.strictObject({ ...pageQuery, include_data: flag(false) });
