import type { SessionType } from '#domain/session/session';
import type { TranscriptFault } from './transcript.ts';

export const DATASET_STATUSES = ['building', 'ready', 'empty', 'failed', 'deleted'] as const;
/** building → ready | empty | failed; each of the three → deleted. */
export type DatasetStatus = (typeof DATASET_STATUSES)[number];

export const SUCCESS_SOURCES = ['verification', 'person', 'tasks', 'agent'] as const;
/** Whose word says that a session succeeded: its verify commands, a person who completed it, its tasks, or the agent itself. */
export type SuccessSource = (typeof SUCCESS_SOURCES)[number];

/** Which sessions become samples. Several values of a field: any of them; tags: all of them. Absent admits all. */
export interface DatasetFilters {
  /** 0 … 1; a session with exactly this rate is taken. */
  readonly minSuccessRate: number;
  readonly sessionTypes?: readonly SessionType[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly agentIds?: readonly string[] | undefined;
  readonly modelIdentifiers?: readonly string[] | undefined;
  readonly successSources: readonly SuccessSource[];
  /** ISO; included. */
  readonly createdFrom?: string | undefined;
  /** ISO; not included. */
  readonly createdTo?: string | undefined;
  /** Whether partially completed sessions count, too. */
  readonly includePartial: boolean;
  /** Most samples. */
  readonly limit: number;
}

/** How samples fall into the part that is learned and the part that is asked about. */
export interface DatasetSplit {
  /** 0 … 0.5. */
  readonly evalFraction: number;
  readonly seed: number;
}

/** What became of the sessions looked at: one row per reason to leave one out, and what is left. */
export interface DatasetCounts {
  readonly scanned: number;
  readonly notMatching: number;
  readonly unknownSuccessRate: number;
  readonly belowThreshold: number;
  readonly consent: number;
  readonly blank: number;
  readonly tooLong: number;
  readonly tooManyRedactions: number;
  readonly duplicates: number;
  readonly nearDuplicates: number;
  readonly overLimit: number;
  readonly samples: number;
  readonly train: number;
  readonly eval: number;
  /** Samples with the conversation that they came from. */
  readonly withMessages: number;
  /** Samples without, by the reason; of a dataset that is to have conversations and is built. */
  readonly transcripts?: Readonly<Record<TranscriptFault, number>> | undefined;
  /** Replacements in the samples that were taken. */
  readonly redactions: number;
}

export const NO_COUNTS: DatasetCounts = {
  scanned: 0,
  notMatching: 0,
  unknownSuccessRate: 0,
  belowThreshold: 0,
  consent: 0,
  blank: 0,
  tooLong: 0,
  tooManyRedactions: 0,
  duplicates: 0,
  nearDuplicates: 0,
  overLimit: 0,
  samples: 0,
  train: 0,
  eval: 0,
  withMessages: 0,
  redactions: 0,
};

/** A figure for each part. */
export interface PerPart {
  readonly train: number;
  readonly eval: number;
}

/** Why a dataset could not be built. */
export interface DatasetError {
  readonly code: string;
  readonly message: string;
}

/** Samples made of a tenant's sessions. It never changes after `ready`; its record and checksum outlive its files. */
export interface Dataset {
  readonly tenantId: string;
  readonly id: string;
  /** Number of the newest recorded event. */
  readonly version: number;
  readonly name: string;
  readonly description?: string | undefined;
  readonly status: DatasetStatus;
  readonly filters: DatasetFilters;
  readonly split: DatasetSplit;
  /** Whether samples have the conversations that they came from, where these were kept. */
  readonly includeTranscripts: boolean;
  readonly counts: DatasetCounts;
  readonly tokens: PerPart;
  /** Sizes of the files. */
  readonly bytes: PerPart;
  /** Of the train file followed by the eval file; hex. Present from ready on. */
  readonly sha256?: string | undefined;
  /** Version of the scrubbing rules that the samples went through. */
  readonly redactionVersion: number;
  /** Replacements in the samples by the name of the rule. */
  readonly redactionRules: Readonly<Record<string, number>>;
  /** Whether a sample was made by a model that is none. */
  readonly simulated: boolean;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly readyAt?: string | undefined;
  readonly error?: DatasetError | undefined;
  /** Number of the execution that builds it, when it is not the first one. */
  readonly run?: number | undefined;
  /** How often in a row a new execution went on for a lost one, and how far the build had come then. */
  readonly recovery?: { readonly count: number; readonly mark: string } | undefined;
  /** When the sweeper looks at its build, and how far that had come when it looked before. */
  readonly watch?: { readonly dueAt: string; readonly seen: number } | undefined;
  readonly revision: number;
}

/** How far a build has come. Beside the head, so that progress is no event; gone when the build has ended. */
export interface DatasetBuild {
  readonly datasetId: string;
  /** The session behind which the next slice reads on. */
  readonly after?: string | undefined;
  /** Names of the parts that are stored, in their order; nothing else that lies beside them is part of the build. */
  readonly parts: readonly string[];
  /** Whether every session has been looked at. */
  readonly isRead: boolean;
  readonly counts: DatasetCounts;
  readonly revision: number;
}
