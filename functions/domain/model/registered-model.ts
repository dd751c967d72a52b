import type { Evaluation } from '#domain/evaluation/evaluation';
import type { Actor, DomainEvent } from '#domain/event';
import type { FinalMetrics } from '#domain/training-job/metric-point';
import type { TrainingParameters } from '#domain/training-job/parameters';
import type { AliasStacks } from './alias-stacks.ts';
import { followTrials, type Trial } from './trial.ts';

/** The head of a model: it moves only together with a recorded event. */
export interface Model {
  readonly tenantId: string;
  readonly name: string;
  /** Number of the newest recorded event. */
  readonly version: number;
  readonly description?: string | undefined;
  /** How many of a hundred sessions that ask for the champion get the challenger. */
  readonly challengerPercent: number;
  readonly aliases: AliasStacks;
  /** The newest last. */
  readonly trials?: readonly Trial[] | undefined;
  /** Aliases that point to a version whose training was simulated; absent: none. */
  readonly simulatedAliases?: readonly string[] | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly revision: number;
}

export const VERSION_STATUSES = ['registered', 'approved', 'rejected', 'archived'] as const;
export type VersionStatus = (typeof VERSION_STATUSES)[number];

/** What a training job made, with all that it was made from. Nothing of it changes but its status and how it is served. */
export interface ModelVersion {
  readonly modelName: string;
  readonly version: string;
  readonly status: VersionStatus;
  readonly jobId: string;
  readonly attempt: number;
  readonly datasetId: string;
  readonly datasetSha256: string;
  readonly baseModel: string;
  readonly parameters: TrainingParameters;
  readonly metrics: FinalMetrics | null;
  readonly evaluation: Evaluation | null;
  readonly artifactUri: string | null;
  /** Under which name agents reach it. */
  readonly servingModelIdentifier: string | null;
  readonly provider: 'sagemaker' | 'simulated';
  readonly simulated: boolean;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly revision: number;
}

/** One move of an alias. */
export interface AliasMove {
  readonly modelName: string;
  /** Number of the event that announced it. */
  readonly seq: number;
  readonly alias: string;
  readonly action: 'promote' | 'rollback';
  readonly fromVersion: string | null;
  readonly toVersion: string;
  /** Whether the training of that version was simulated. */
  readonly simulated: boolean;
  readonly actor: Actor;
  readonly reason: string | null;
  /** Whether somebody took it upon them to move it although the gate was not passed. */
  readonly forced: boolean;
  readonly at: string;
}

/** A version of a model before and after a change. */
export interface VersionChange {
  readonly before: ModelVersion | null;
  readonly after: ModelVersion;
}

/** A model before and after, with what changed beside it and the events that announce the difference. */
export interface ModelChange {
  readonly before: Model | null;
  readonly after: Model;
  readonly version?: VersionChange | undefined;
  readonly moves: readonly AliasMove[];
  readonly events: readonly DomainEvent[];
}

interface ModelFact {
  readonly type: `model.${'version_registered' | 'promoted' | 'rolled_back' | 'archived' | 'updated'}`;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Appends a fact to a model: its version becomes the number of it, and its trials follow. Every payload names the model. */
export const recordModel = (model: Model, { type, payload }: ModelFact, at: string) => {
  const seq = model.version + 1;
  const event: DomainEvent = {
    stream: `model:${model.name}`,
    seq,
    type,
    payload: { model_name: model.name, ...payload },
    timestamp: at,
  };
  const trials = followTrials(model, { number: seq, at });
  const tried = trials.length === 0 ? {} : { trials };
  return { after: { ...model, ...tried, version: seq, updatedAt: at }, event };
};
