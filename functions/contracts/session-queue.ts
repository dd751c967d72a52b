import * as z from 'zod';
import { Timestamp } from './primitives.ts';

/** Where a session stands that waits for a slot. What is not known of one far behind is absent. */
export const SessionQueue = z.object({
  position: z.number().int().optional(),
  ahead: z.number().int().optional(),
  estimated_wait_seconds: z.number().int().optional(),
  waiting_since: Timestamp,
  expires_at: Timestamp,
  reason: z.literal('slot'),
});
