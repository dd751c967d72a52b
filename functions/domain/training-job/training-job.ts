import type { Evaluation } from '#domain/evaluation/evaluation';
import type { GateRules } from '#domain/evaluation/gate-rules';
import type { Outcome } from '#domain/evaluation/judge-gate';
import type { DatasetFacts } from './dataset-facts.ts';
import type { TrainingEstimate } from './estimate.ts';
import type { FinalMetrics } from './metric-point.ts';
import type { Compute, TrainingParameters } from './parameters.ts';
import type { Simulation } from './simulation.ts';
import type { TrainingStatus } from './status.ts';

export const PROVIDERS = ['sagemaker', 'simulated'] as const;
/** Who trains. */
export type ProviderName = (typeof PROVIDERS)[number];

export const PHASES = [
  'waiting_for_dataset',
  'waiting_for_slot',
  'preparing',
  'downloading',
  'training',
  'uploading',
  'interrupted',
  'stopping',
] as const;
/** What happens within a status. */
export type Phase = (typeof PHASES)[number];

export const MAX_TRAINING_ATTEMPTS = 5;

/** Why an attempt did not succeed. */
export interface TrainingError {
  readonly code: string;
  readonly message: string;
}

/** The head of a training job: small, and moved only together with a recorded event. Times are ISO strings in UTC. */
export interface TrainingJob {
  readonly tenantId: string;
  readonly id: string;
  /** Number of the newest recorded event. */
  readonly version: number;
  readonly baseModel: string;
  readonly targetModelName: string;
  /** The version of the model that the job makes. */
  readonly modelVersion: string;
  readonly datasetId?: string | undefined;
  readonly provider: ProviderName;
  readonly simulated: boolean;
  /** Whether the trained model is compared before the job is complete. */
  readonly isGated: boolean;
  readonly status: TrainingStatus;
  readonly statusUpdatedAt: string;
  readonly attempt: number;
  /** Number of the execution that drives the attempt, when it is not the first one. */
  readonly run?: number | undefined;
  /** How often in a row a new execution went on for a lost one, and where the attempt stood then. */
  readonly recovery?: { readonly count: number; readonly mark: string } | undefined;
  /** What the comparison of the trained model came to, once it is announced. */
  readonly outcome?: Outcome | undefined;
  readonly cancelRequestedAt?: string | undefined;
  readonly cancelReason?: string | undefined;
  readonly error?: TrainingError | undefined;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly startedAt?: string | undefined;
  readonly completedAt?: string | undefined;
}

/** What the client sent and no status change touches. */
export interface TrainingInput {
  readonly parameters: TrainingParameters;
  readonly compute: Compute;
  readonly gate: GateRules;
  readonly simulation?: Simulation | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A place in the order of those who wait for a slot. */
export interface TrainingPlace {
  readonly adjustedMs: number;
  readonly ticket: string;
  readonly since: string;
}

/** What an attempt has cost. Dollars. */
export interface TrainingCost {
  readonly usd: number;
  readonly billableSeconds: number | null;
  /** The share that the spot price saved; null where nobody knows. */
  readonly spotSavings: number | null;
  readonly source: 'priced' | 'simulated';
}

/** A training that its provider may still be at although its attempt has ended. */
export interface Leftover {
  readonly attempt: number;
  readonly externalJobId?: string | undefined;
  readonly submittedAt?: string | undefined;
  readonly dataset?: DatasetFacts | undefined;
  /** When the attempt ended. */
  readonly since: string;
}

/** What changes while an attempt goes on, beside the head: a report moves it without an event. */
export interface TrainingLive {
  readonly jobId: string;
  readonly attempt: number;
  readonly estimate: TrainingEstimate;
  readonly dataset?: DatasetFacts | undefined;
  /** The place taken before the gate; kept while the job waits or holds a slot. */
  readonly place?: TrainingPlace | undefined;
  /** Since when the provider may have the attempt: it is asked from then on, and its answer is not known yet. */
  readonly submittingAt?: string | undefined;
  /** The provider's name for the attempt, from the moment it took it. */
  readonly externalJobId?: string | undefined;
  readonly submittedAt?: string | undefined;
  readonly phase?: Phase | undefined;
  readonly progress?: number | undefined;
  readonly step?: number | undefined;
  readonly totalSteps?: number | undefined;
  /** Step of the newest point that is kept. */
  readonly lastPointStep?: number | undefined;
  /** When the provider was found to be done. */
  readonly trainedAt?: string | undefined;
  readonly metrics?: FinalMetrics | undefined;
  /** When the comparison came to an outcome. */
  readonly evaluatedAt?: string | undefined;
  readonly evaluation?: Evaluation | undefined;
  readonly cost?: TrainingCost | undefined;
  readonly artifactUri?: string | undefined;
  /** Up to where the provider's log was read, in its own words. */
  readonly logPosition?: string | undefined;
  /** Since when the provider does not know the attempt any more. */
  readonly missingSince?: string | undefined;
  /** When the provider was found to be done with it, without a model. */
  readonly releasedAt?: string | undefined;
  /** Since when the provider does not answer. */
  readonly unheardSince?: string | undefined;
  /** What the provider said instead, the last time. */
  readonly providerError?: string | undefined;
  /** Since when no look at the job has succeeded, whatever the reason. */
  readonly failingSince?: string | undefined;
  /** Trainings of attempts that have ended, until their provider has stopped, too. */
  readonly leftovers?: readonly Leftover[] | undefined;
  /** Attempts that ended while sessions were to judge their model, until none of these is under way. */
  readonly openReplays?: readonly number[] | undefined;
  /** Since when nobody has waited for what comes next, although the attempt is under way. */
  readonly driverMissingSince?: string | undefined;
  /** When the poller looks at the job. */
  readonly dueAt?: string | undefined;
  readonly revision: number;
}
