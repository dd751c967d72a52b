import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { logger } from './logger.ts';

/** The part of a bus event that its consumers read. */
export const BusEvent = z.object({
  detail: z.object({
    tenant_id: z.string(),
    event_id: z.string(),
    internal: z.object({
      wake: z.array(z.string()).default([]),
      wakeJobs: z.array(z.string()).default([]),
      training: z.object({ jobId: z.string(), attempt: z.number().int(), run: z.number().int().optional() }).optional(),
      run: z.object({ sessionId: z.string(), number: z.number().int() }).optional(),
      curation: z.string().optional(),
      curationRun: z.number().int().optional(),
    }),
  }),
});

export type BusEventDetail = z.output<typeof BusEvent>['detail'];

/** A queue's consumer: every message by itself, and only the failed ones come again. */
export const sqsConsumer =
  (consume: (detail: BusEventDetail) => Promise<void>) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const failures = await Promise.all(
      Records.map(async ({ body, messageId }) => {
        try {
          await consume(BusEvent.parse(JSON.parse(body)).detail);
          return [];
        } catch (error) {
          logger.error('message failed', { error: error as Error, messageId });
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failures.flat() };
  };
