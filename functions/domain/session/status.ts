/** Every status of a session, in the order of a plain life. */
export const SESSION_STATUSES = [
  'pending',
  'queued',
  'running',
  'paused',
  'degraded',
  'completed',
  'partially_completed',
  'failed',
  'timeout',
  'stopped',
  'cancelled',
  'orphaned',
] as const;

export type SessionStatus = (typeof SESSION_STATUSES)[number];

/**
 * pending ─► queued ─► running ─► completed | partially_completed
 *    ▲          ▲         ├─► paused ─► queued
 *    │          │         ├─► degraded ─► (as running)
 *    └─ retry ──┴─────────┴─► failed | timeout | stopped | orphaned        cancelled from any that is not terminal
 *
 * The 38 legal moves. `pending → running` and `paused → running` are reserved for a driver that takes the slot in the same write.
 */
export const moves = {
  pending: ['queued', 'running', 'cancelled', 'failed', 'orphaned'],
  queued: ['running', 'cancelled', 'failed', 'timeout', 'orphaned'],
  running: [
    'completed',
    'partially_completed',
    'failed',
    'timeout',
    'paused',
    'stopped',
    'degraded',
    'cancelled',
    'orphaned',
  ],
  paused: ['queued', 'running', 'stopped', 'cancelled', 'orphaned'],
  degraded: [
    'running',
    'paused',
    'completed',
    'partially_completed',
    'failed',
    'timeout',
    'stopped',
    'cancelled',
    'orphaned',
  ],
  failed: ['pending'],
  timeout: ['pending'],
  stopped: ['pending'],
  orphaned: ['pending'],
  partially_completed: ['pending'],
  completed: [],
  cancelled: [],
} as const satisfies Record<SessionStatus, readonly SessionStatus[]>;

const TERMINAL: ReadonlySet<SessionStatus> = new Set([
  'completed',
  'partially_completed',
  'failed',
  'timeout',
  'stopped',
  'cancelled',
  'orphaned',
]);

/** Whether the session has ended. A retry may begin it anew. */
export const isTerminal = (status: SessionStatus): boolean => TERMINAL.has(status);

/** Whether an attempt is under way, which is when the session holds a slot. */
export const isUnderWay = (status: SessionStatus): boolean => status === 'running' || status === 'degraded';

/** Whether a session in this status may be a holder of its tenant's gate; undefined for one that does not exist. */
export const mayHoldSlot = (status: SessionStatus | undefined): boolean =>
  status !== undefined && (status === 'queued' || isUnderWay(status));

/** Whether the table above admits the move. */
export const isLegalMove = (from: SessionStatus, to: SessionStatus): boolean =>
  (moves[from] as readonly SessionStatus[]).includes(to);

/** Whether the status is an end that a retry may begin anew. */
export const isRetryStatus = (status: SessionStatus): boolean => isTerminal(status) && isLegalMove(status, 'pending');

/** Whether nothing can follow any more. */
export const isSettled = (status: SessionStatus): boolean => moves[status].length === 0;

/** Whether the session may be deleted: nothing works on it or waits for it. */
export const isDeletable = (status: SessionStatus): boolean => status === 'pending' || isTerminal(status);
