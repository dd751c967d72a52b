import * as z from 'zod';
import { LOG_LEVELS } from '#domain/assignment/work-event';
import { pageOf, pageQuery, Timestamp, wholeNumber } from './primitives.ts';

/** A recorded event as every client gets it. */
export const EventEnvelope = z
  .object({
    type: z.string(),
    payload: z.record(z.string(), z.json()),
    timestamp: Timestamp,
    seq: z.number().int(),
    stream: z.string(),
    room: z.string(),
    tenant_id: z.string(),
    event_id: z.string(),
  })
  .meta({ id: 'EventEnvelope' });

export const EventList = pageOf(EventEnvelope).meta({ id: 'EventList' });

export const ListEventsQuery = z.strictObject({
  ...pageQuery,
  after_seq: z.coerce.number().int().min(0).default(0),
});

export const LogLine = z
  .object({
    log_seq: z.number().int(),
    level: z.enum(LOG_LEVELS),
    source: z.string(),
    message: z.string(),
    logged_at: Timestamp,
  })
  .meta({ id: 'LogLine' });

export const LogList = pageOf(LogLine).meta({ id: 'LogList' });

export const ListLogsQuery = z.strictObject({
  ...pageQuery,
  attempt: wholeNumber(1).optional(),
  after: z.coerce.number().int().min(0).default(0),
  level: z.enum(LOG_LEVELS).optional(),
  source: z.string().max(100).optional(),
});

export type EventEnvelope = z.output<typeof EventEnvelope>;
export type LogLine = z.output<typeof LogLine>;
