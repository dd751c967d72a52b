import * as z from 'zod';
import { Timestamp } from './primitives.ts';

export const Root = z
  .object({ name: z.string(), version: z.string(), links: z.record(z.string(), z.string()) })
  .meta({ id: 'Root' });

export const Health = z
  .object({
    status: z.enum(['healthy', 'unhealthy']),
    version: z.string(),
    stage: z.string(),
    region: z.string(),
    time: Timestamp,
  })
  .meta({ id: 'Health' });

export const Liveness = z.object({ status: z.literal('alive') }).meta({ id: 'Liveness' });

export const OpenApiDocument = z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApiDocument' });
