import type { UsageReport } from '#domain/session/live';

export const RESULT_STATUSES = ['completed', 'failed', 'timeout', 'stopped', 'cancelled'] as const;
export type ResultStatus = (typeof RESULT_STATUSES)[number];

/** One verify command as the agent ran it. */
export interface VerificationReport {
  readonly name: string;
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly output: string;
}

/** Lines changed in one file. */
export interface FileChange {
  readonly path: string;
  readonly oldPath?: string | undefined;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly additions: number;
  readonly deletions: number;
  readonly binary?: boolean | undefined;
}

/** What an agent hands back, once. */
export interface AssignmentResult {
  readonly status: ResultStatus;
  readonly partial: boolean;
  readonly retryable: boolean;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly summary?: string | undefined;
  readonly baseCommit?: string | undefined;
  readonly resultCommit?: string | undefined;
  readonly resultBranch?: string | undefined;
  readonly pushed?: boolean | undefined;
  readonly verification: readonly VerificationReport[];
  readonly files: readonly FileChange[];
  /** True when the diff was too large and its text was left out. */
  readonly diffCut: boolean;
  readonly model?: string | undefined;
  /** True when no real model did the work. */
  readonly simulated: boolean;
  readonly usage?: UsageReport | undefined;
  readonly agentMs?: number | undefined;
  readonly verifyMs?: number | undefined;
  readonly executionTimeMs: number;
  /** What the agent thinks of its own work; the session's success rate comes from verification. */
  readonly agentSuccessRate?: number | undefined;
  readonly confidenceScore?: number | undefined;
}
