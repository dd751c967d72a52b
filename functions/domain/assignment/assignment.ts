import type { Stage } from '#domain/routing/stage';
import type { Sign } from '#domain/session/degraded';
import type { Priority } from '#domain/session/session';

/** Why the work of an assignment was called off, and until when its agent may say that it has stopped. */
export interface Cancellation {
  readonly reason: string;
  readonly deadlineAt: string;
}

export const ASSIGNMENT_STATES = [
  'pending',
  'offered',
  'claimed',
  'running',
  'completed',
  'failed',
  'cancelled',
  'expired',
] as const;
export type AssignmentState = (typeof ASSIGNMENT_STATES)[number];

/**
 * One work item on its way to and through an agent.
 *
 * pending ─► claimed ─► running ─► completed | failed | cancelled | expired
 *    ◄──────── release ────┘
 *
 * Everything an agent writes names the fencing token of its grant; a lower one is stale.
 */
export interface Assignment {
  readonly tenantId: string;
  readonly id: string;
  readonly sessionId: string;
  readonly attempt: number;
  readonly state: AssignmentState;
  readonly priority: Priority;
  /** Orders the tenant's dispatch queue. */
  readonly queueKey: string;
  readonly requiredCapabilities: readonly string[];
  readonly technologies?: readonly string[] | undefined;
  readonly maxDurationSeconds: number;
  /** While pending: the agent that routing chose and that has a unit reserved for it. */
  readonly routedAgentId?: string | undefined;
  readonly routedAt?: string | undefined;
  /** While pending and not routed: the stage of routing that left nobody. */
  readonly waitingReason?: Stage | undefined;
  /** An agent that may not have it until then, because its lease on the work ran out. */
  readonly excludedAgentId?: string | undefined;
  readonly excludedUntil?: string | undefined;
  readonly agentId?: string | undefined;
  readonly fencingToken: number;
  /** Which grant of the attempt this is since its work last made progress, from 1. */
  readonly grant: number;
  /** Number of the session's newest checkpoint when the work was opened; a newer one is progress. */
  readonly openedAtCheckpoint: number;
  /** Until when the work may wait for an agent. */
  readonly waitUntil: string;
  readonly leaseSeconds?: number | undefined;
  readonly leaseUntil?: string | undefined;
  readonly deadlineAt?: string | undefined;
  /** When the sweeper looks at the wait or the lease; later than needed at most until its next look, never moved by a renewal. */
  readonly dueAt?: string | undefined;
  readonly createdAt: string;
  readonly claimedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  readonly lastEventSeq: number;
  /** Numbers of events that never came. */
  readonly gaps: number;
  /** Digest of the accepted result, so that a repeat is told from another one. */
  readonly resultDigest?: string | undefined;
  /** The agent that gave the work back last. */
  readonly releasedBy?: string | undefined;
  /** Present when the work was called off while an agent had it: its session was cancelled, or ended otherwise. */
  readonly cancellation?: Cancellation | undefined;
  /** Files announced by the agent, and their bytes together. */
  readonly artifacts?: { readonly count: number; readonly bytes: number } | undefined;
  /** Signs that the work goes on with reduced capacity, oldest first; absent while there are none. */
  readonly signs?: readonly Sign[] | undefined;
  readonly revision: number;
}

/** Whether the assignment still binds its session to an agent or to the dispatch queue. */
export const isOpen = ({ state }: Pick<Assignment, 'state'>): boolean =>
  state === 'pending' || state === 'offered' || state === 'claimed' || state === 'running';

/** A work item in the dispatch queue, for whoever may claim it. */
export const newAssignment = (
  fields: Pick<
    Assignment,
    | 'tenantId'
    | 'id'
    | 'sessionId'
    | 'attempt'
    | 'priority'
    | 'queueKey'
    | 'requiredCapabilities'
    | 'technologies'
    | 'maxDurationSeconds'
    | 'waitUntil'
  > &
    Partial<Pick<Assignment, 'fencingToken' | 'grant' | 'excludedAgentId' | 'excludedUntil' | 'openedAtCheckpoint'>>,
  at: string,
): Assignment => ({
  fencingToken: 0,
  grant: 1,
  openedAtCheckpoint: 0,
  ...fields,
  state: 'pending',
  createdAt: at,
  lastEventSeq: 0,
  gaps: 0,
  revision: 0,
});
