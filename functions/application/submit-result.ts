import { withUsage } from '#domain/assignment/apply-events';
import type { Assignment, AssignmentState } from '#domain/assignment/assignment';
import { mayAcknowledge } from '#domain/assignment/directive';
import { ResultConflict, ResultTaskMismatch } from '#domain/assignment/errors';
import { fence } from '#domain/assignment/fence';
import type { AssignmentResult, ResultStatus } from '#domain/assignment/result';
import { basedOn, noUsage, type SessionLive, stopClock } from '#domain/session/live';
import { warned } from '#domain/session/warning';
import { type Ending, endAssignment } from './end-assignment.ts';
import { ownAssignment } from './own-assignment.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';

export interface SubmitResultInput {
  readonly agentId: string;
  readonly assignmentId: string;
  readonly fencingToken: number;
  readonly taskId: string;
  readonly result: AssignmentResult;
  readonly diff?: string | undefined;
  /** Digest of the request's body. */
  readonly digest: string;
}

export interface Submitted {
  readonly state: AssignmentState;
  readonly duplicate: boolean;
}

const ENDING: Readonly<Record<ResultStatus, Ending>> = {
  completed: 'completed',
  failed: 'failed',
  timeout: 'failed',
  stopped: 'cancelled',
  cancelled: 'cancelled',
};

/**
 * Ends an assignment with its result. The first result wins; the same one again changes nothing. For called-off work the
 * result `cancelled` says that its agent has stopped.
 * @throws NotFound, StaleFencingToken, AssignmentClosed, ResultConflict, ResultTaskMismatch
 */
export const makeSubmitResult = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const resultWrites = ({ sessionId, attempt }: Assignment, { result, diff }: SubmitResultInput): Write[] => [
    { kind: 'result', sessionId, attempt, result },
    ...(diff === undefined || diff === '' ? [] : [{ kind: 'diff', sessionId, attempt, diff } as const]),
  ];

  const liveWrites = (
    before: SessionLive | undefined,
    after: SessionLive | undefined,
    { result, agentId }: SubmitResultInput,
  ): Write[] => {
    if (before === undefined || after === undefined) return [];
    const at = isoNow(clock);
    const counted = withUsage(basedOn(after, result.baseCommit), result.usage ?? noUsage, { agentId, at });
    const message = 'the diff was too large: its files are listed, its text was left out';
    return [
      {
        kind: 'session-live',
        before,
        after: result.diffCut ? warned(counted, { type: 'result_cut', message, at }) : counted,
      },
    ];
  };

  /** The session was cancelled before and stays as it is; what its agent used until it stopped still counts. */
  const acknowledge = async (assignment: Assignment, live: SessionLive | undefined, input: SubmitResultInput) => {
    const isStillIts = live?.assignmentId === assignment.id;
    await store.commit([
      { kind: 'assignment', before: assignment, after: { ...assignment, resultDigest: input.digest } },
      ...(isStillIts ? liveWrites(live, live, input) : []),
    ]);
    return { state: assignment.state, duplicate: false };
  };

  const decide = async (input: SubmitResultInput): Promise<Submitted> => {
    const assignment = await ownAssignment(store, input.agentId, input.assignmentId);
    if (input.taskId !== assignment.id) throw new ResultTaskMismatch(assignment.id);
    if (assignment.resultDigest !== undefined && input.fencingToken === assignment.fencingToken) {
      if (assignment.resultDigest !== input.digest) throw new ResultConflict();
      return { state: assignment.state, duplicate: true };
    }
    const now = clock.now();
    const live = await store.findLive(assignment.sessionId);
    if (input.result.status === 'cancelled' && mayAcknowledge(assignment, input.fencingToken, now)) {
      return acknowledge(assignment, live, input);
    }
    fence(assignment, input.fencingToken, now);
    const ending = ENDING[input.result.status];
    await store.commit([
      ...(await endAssignment({ store, ids }, assignment, {
        ending,
        isHeard: true,
        at: new Date(now).toISOString(),
        set: { resultDigest: input.digest },
      })),
      ...resultWrites(assignment, input),
      ...liveWrites(live, live && stopClock(live, now), input),
    ]);
    return { state: ending, duplicate: false };
  };
  return (input: SubmitResultInput): Promise<Submitted> => retryConflict(clock, () => decide(input));
};
