import type { CheckpointTrigger } from '#domain/checkpoint/checkpoint';
import type { UsageReport } from '#domain/session/live';

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface Numbered {
  readonly eventSeq: number;
  readonly timestamp: string;
}

/** What an agent reports while it works. */
export type WorkEvent = Numbered &
  (
    | { readonly type: 'started'; readonly baseCommit?: string | undefined }
    | {
        readonly type: 'progress';
        readonly percent?: number | undefined;
        readonly message?: string | undefined;
        readonly step?: number | undefined;
        readonly totalSteps?: number | undefined;
      }
    | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly source: string }
    | {
        readonly type: 'tool';
        readonly tool: string;
        readonly title: string;
        readonly status: 'started' | 'completed' | 'failed';
        readonly durationMs?: number | undefined;
      }
    | { readonly type: 'metrics'; readonly usage: UsageReport }
    | { readonly type: 'status'; readonly status: 'healthy' | 'degraded'; readonly reason?: string | undefined }
    | {
        readonly type: 'checkpoint';
        readonly data: Readonly<Record<string, unknown>>;
        readonly trigger: CheckpointTrigger;
        /** The agent's own; else the digest of the data. */
        readonly stateHash?: string | undefined;
      }
  );

export type CheckpointEvent = Extract<WorkEvent, { type: 'checkpoint' }>;

/** One line of a session's log. */
export interface LogLine {
  readonly logSeq: number;
  readonly level: LogLevel;
  readonly source: string;
  readonly message: string;
  readonly loggedAt: string;
}
