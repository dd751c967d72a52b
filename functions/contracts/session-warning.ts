import * as z from 'zod';
import { WARNING_TYPES } from '#domain/session/warning';
import { Timestamp } from './primitives.ts';

export const SessionWarning = z
  .object({ type: z.enum(WARNING_TYPES), message: z.string(), at: Timestamp })
  .meta({ id: 'SessionWarning', description: 'Something that went wrong and did not end the session' });
