import type { CheckpointRef } from '#domain/checkpoint/checkpoint';
import type { CountedEnd } from '#domain/model/counted-end';
import type { ModelResolution } from '#domain/model/resolve-model';
import type { SessionLive } from './live.ts';
import type { SessionStatus } from './status.ts';

export const SESSION_TYPES = ['planning', 'execution', 'review', 'debug', 'integration'] as const;
export type SessionType = (typeof SESSION_TYPES)[number];

export const PRIORITIES = ['critical', 'high', 'medium', 'low', 'deferred'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const MAX_ATTEMPTS = 3;

export const AUTO_RETRY = ['never', 'transient', 'always'] as const;
/** Which failures are followed by another attempt without anybody asking. */
export type AutoRetry = (typeof AUTO_RETRY)[number];

export type ErrorType = 'agent' | 'verification' | 'timeout' | 'system' | 'user';

/** Why an attempt did not succeed. */
export interface SessionError {
  readonly type: ErrorType;
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly at: string;
}

/** How often a session was recovered since an agent last got on with it. */
export interface Recovery {
  readonly count: number;
  /** What the agents had done by then. */
  readonly mark: string;
}

/** A place in the order of waiters. */
export interface QueuePlace {
  readonly adjustedMs: number;
  readonly ticket: string;
  readonly since: string;
  /** The slot was taken in the very change that queued the session: it never waited. */
  readonly letInAtOnce?: boolean | undefined;
}

/** The head of a session: small, and moved only together with a recorded event. Times are ISO strings in UTC. */
export interface Session {
  readonly tenantId: string;
  readonly id: string;
  /** Number of the newest recorded event. */
  readonly version: number;
  readonly title: string;
  readonly description?: string | undefined;
  readonly sessionType: SessionType;
  readonly priority: Priority;
  readonly parentId?: string | undefined;
  readonly rootId: string;
  readonly depth: number;
  /** Direct children that are not deleted. */
  readonly childCount?: number | undefined;
  /** How often children came or went. */
  readonly childChanges?: number | undefined;
  readonly tags: readonly string[];
  readonly modelIdentifier?: string | undefined;
  readonly requiredCapabilities: readonly string[];
  readonly maxDurationSeconds: number;
  /** Longest stay in the queue. */
  readonly queueTtlSeconds: number;
  readonly autoRetry: AutoRetry;
  readonly status: SessionStatus;
  readonly statusReason?: string | undefined;
  readonly statusDetail?: string | undefined;
  readonly statusUpdatedAt: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  /** From then on only a lead sees it, until it is erased. */
  readonly deletedAt?: string | undefined;
  /** Number of the newest execution; part of its name. 0 before the first start. */
  readonly run: number;
  readonly attempt: number;
  readonly maxAttempts: number;
  /** When it was last well again after it had been degraded. */
  readonly leftDegradedAt?: string | undefined;
  readonly recovery?: Recovery | undefined;
  /** The place taken when the session was queued; kept while it waits or holds a slot. */
  readonly queuePlace?: QueuePlace | undefined;
  /** Time spent waiting for a slot, over all runs. */
  readonly queuedSeconds?: number | undefined;
  readonly error?: SessionError | undefined;
  readonly latestCheckpoint?: CheckpointRef | undefined;
  /** The checkpoint chosen for the next work; used once. */
  readonly resumeCheckpoint?: CheckpointRef | undefined;
  /** The checkpoint that the work under way began from, until it has one of its own. */
  readonly workCheckpoint?: CheckpointRef | undefined;
  /** The next work begins without a checkpoint; used once. */
  readonly fromScratch?: boolean | undefined;
  readonly successRate?: number | undefined;
  readonly successSource?: 'verification' | undefined;
  /** How its newest end counts in the figures of a model version. */
  readonly counted?: CountedEnd | undefined;
  /** The attempt of a training job whose model is judged by this session. */
  readonly evaluates?: { readonly jobId: string; readonly attempt: number } | undefined;
}

/** What the client sent and no status change touches. */
export interface SessionInput {
  readonly prompt: string;
  /** What the newest retry added; agents get it after the prompt. */
  readonly additionalPrompt?: string | undefined;
  readonly agentConfig: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly workspace?: Workspace | undefined;
  readonly cpuLimit?: number | undefined;
  readonly memoryLimitMb?: number | undefined;
}

/** A shell command that runs in the worktree. */
export interface WorkspaceCommand {
  readonly name: string;
  readonly run: string;
  readonly timeoutSeconds: number;
  readonly weight: number;
}

/** The repository a session works on. */
export interface Workspace {
  readonly repositoryUrl: string;
  readonly ref?: string | undefined;
  readonly subdirectory: string;
  readonly resultBranch?: string | undefined;
  readonly push: 'never' | 'branch';
  readonly setup: readonly WorkspaceCommand[];
  readonly verify: readonly WorkspaceCommand[];
  readonly verifyPolicy: 'require' | 'record';
  readonly permissions: Readonly<Record<string, 'allow' | 'deny'>>;
}

/** What one attempt came to, and who was granted its work. Costs in USD. */
export interface AttemptFigures {
  readonly activeSeconds: number;
  readonly tokensUsed: number;
  readonly costUsd: number;
  /** How often its work was granted. */
  readonly grants: number;
  /** Each agent once, in the order of their first grants. */
  readonly agentIds: readonly string[];
  readonly assignmentIds: readonly string[];
}

/** One try at the session's prompt. Its figures are written with its end. */
export interface Attempt extends Partial<AttemptFigures> {
  readonly attempt: number;
  readonly run: number;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
  readonly outcome?: SessionStatus | undefined;
  /** Sequence of the checkpoint it began from. */
  readonly fromCheckpoint?: number | undefined;
  readonly error?: SessionError | undefined;
  readonly successRate?: number | undefined;
  /** Whether it followed a failed one without anybody asking. */
  readonly automatic: boolean;
  /** What the session's model identifier meant then; absent where it names no model of the registry. */
  readonly modelResolution?: ModelResolution | undefined;
  /** What the session's work had come to when it began; absent where that was nothing. */
  readonly before?: Pick<SessionLive, 'activeSeconds' | 'usage'> | undefined;
}
