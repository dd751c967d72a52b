import * as z from 'zod';
import { isHalf, type TrainingSettings, trainingContext, trainingSettings } from '#lib/training-settings';

const context = z.object({
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 characters of a-z, 0-9 and -, beginning with a letter')
    .default('dev'),
  agent_poll_seconds: z.coerce.number().min(0.1).max(60).optional(),
  lease_seconds: z.coerce.number().int().min(5).max(900).optional(),
  stream_failures: z.enum(['throw', 'partial']).optional(),
  reserved_concurrency: z.enum(['on', 'off']).optional(),
  alarms: z.enum(['on', 'off']).optional(),
  alarm_email: z.email().optional(),
  concurrency_quota: z.coerce.number().int().min(10).max(1_000_000).default(1000),
  ...trainingContext,
});

const consistent = context.refine((given) => !isHalf(given), {
  message: 'training_image and training_models are of use together only: give both',
});

// nobody waits for an answer while nothing is to be done
const IDLE_POLL_FACTOR = 2.5;

/** What may differ between two deployments of the same stacks. */
export interface StageSettings {
  readonly stage: string;
  /** How long an agent waits between two claims and between two reports. */
  readonly agentPollSeconds: number;
  /** How long an agent waits between two claims while nothing is to be done. */
  readonly agentIdlePollSeconds: number;
  /** How long an assignment lives without being extended. */
  readonly leaseSeconds: number;
  /** How stream consumers report failed records: `throw` where the stream does not understand partial failures. */
  readonly streamFailures: 'throw' | 'partial';
  /** Stands in every API key, so that nobody takes a test key for a real one. */
  readonly keyEnvironment: 'live' | 'test';
  /** Whether table, keys and secrets outlive their stack and refuse deletion. */
  readonly keepsData: boolean;
  /** Whether functions that must not be starved keep a share of the account's concurrency. New accounts have none to spare. */
  readonly reservesConcurrency: boolean;
  /** Whether the stack of alarms is deployed. */
  readonly hasAlarms: boolean;
  /** Who gets a mail when an alarm goes on or off. */
  readonly alarmEmail?: string;
  /** How many Lambda executions the account may run at a time. */
  readonly concurrencyQuota: number;
  /** What is trained with on SageMaker; without it the stage only simulates. */
  readonly training?: TrainingSettings;
}

/**
 * Reads the settings from CDK context (`-c stage=local`). Stage `local` is tuned for an emulator.
 * @throws Error that names every value that is not acceptable
 */
export const readSettings = (lookUp: (key: string) => unknown): StageSettings => {
  const given = Object.fromEntries(Object.keys(context.shape).map((key) => [key, lookUp(key)]));
  const parsed = consistent.safeParse(given);
  if (!parsed.success) throw new Error(`the CDK context is not acceptable:\n${z.prettifyError(parsed.error)}`);
  const { stage, agent_poll_seconds, lease_seconds, stream_failures, alarm_email } = parsed.data;
  const isLocal = stage === 'local';
  const training = trainingSettings(parsed.data);
  const agentPollSeconds = agent_poll_seconds ?? (isLocal ? 1 : 2);
  const isOn = (choice: 'on' | 'off' | undefined) => (choice ? choice === 'on' : !isLocal);
  return {
    stage,
    agentPollSeconds,
    agentIdlePollSeconds: isLocal ? agentPollSeconds : agentPollSeconds * IDLE_POLL_FACTOR,
    leaseSeconds: lease_seconds ?? (isLocal ? 30 : 120),
    streamFailures: stream_failures ?? (isLocal ? 'throw' : 'partial'),
    keyEnvironment: stage === 'prod' ? 'live' : 'test',
    keepsData: !isLocal,
    reservesConcurrency: isOn(parsed.data.reserved_concurrency),
    hasAlarms: isOn(parsed.data.alarms),
    ...(alarm_email && { alarmEmail: alarm_email }),
    concurrencyQuota: parsed.data.concurrency_quota,
    ...(training && { training }),
  };
};
