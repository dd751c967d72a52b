import { type AgentCalls, type Assignment, type Directive, isAssignmentLost, type WorkEvent } from './control-plane.ts';
import { eventReporter } from './event-reporter.ts';
import { Interruption, outOfTime } from './interruption.ts';
import { interruptionIn, keepLease, lostBy } from './keep-lease.ts';
import { upstreamFailure } from './run-failure.ts';
import type { SecretFilter } from './secret-filter.ts';
import { watchDeadline } from './watch-deadline.ts';

/** One claimed assignment and how long it may take, counted from now. */
export interface ClaimedAssignment {
  readonly assignment: Assignment;
  readonly calls: AgentCalls;
  readonly timeLeftMs: number;
  readonly extendEveryMs: number;
}

/** What surrounds the work on an assignment. */
export interface Supervision {
  /** Aborted with an Interruption when the work must end. */
  readonly signal: AbortSignal;
  report(event: WorkEvent): void;
  /** Sends the last events; gives up after `timeoutMs`. */
  closeReports(timeoutMs: number): Promise<void>;
  /** Throws when the assignment is no longer ours or wanted, or nobody can tell. */
  confirmLease(): Promise<void>;
  end(): void;
}

interface Surroundings {
  readonly secrets: SecretFilter;
  readonly log: (line: string) => void;
  readonly stopping: AbortSignal;
}

/** Renews the lease, watches the deadline, hears the control plane and the runner's own end. The first of them interrupts the work. */
export function superviseAssignment(
  { assignment, calls, timeLeftMs, extendEveryMs }: ClaimedAssignment,
  { secrets, log, stopping }: Surroundings,
): Supervision {
  const { assignment_id: assignmentId, fencing_token: fencingToken } = assignment;
  const interrupted = new AbortController();
  const over = new AbortController();
  const interrupt = (interruption: Interruption) => interrupted.abort(interruption);
  const onStop = () => interrupt(new Interruption('stopped', 'the runner was stopped'));
  const onRefused = (error: unknown) =>
    isAssignmentLost(error)
      ? interrupt(lostBy(error))
      : log(`events of assignment ${assignmentId} were refused: ${String(error)}`);

  const onDirectives = (directives: readonly Directive[]) => {
    const wish = interruptionIn(directives);
    if (wish) interrupt(wish);
  };

  const reporter = eventReporter({ calls, assignmentId, fencingToken, secrets, onRefused, onDirectives });
  const endDeadline = watchDeadline({
    ...{ calls, assignmentId, timeLeftMs },
    deadlineAt: assignment.deadline_at,
    onOver: () => interrupt(outOfTime()),
  });
  stopping.addEventListener('abort', onStop, { once: true });
  if (stopping.aborted) onStop();
  void keepLease({
    calls,
    assignmentId,
    fencingToken,
    everyMs: extendEveryMs,
    signal: over.signal,
    onInterruption: interrupt,
  });

  return {
    signal: interrupted.signal,
    report: (event) => reporter.report(event),
    closeReports: (timeoutMs) => reporter.close(timeoutMs),
    async confirmLease() {
      const answer = await calls.extend(assignmentId, { fencing_token: fencingToken }).catch((cause: unknown) => {
        if (isAssignmentLost(cause)) throw lostBy(cause);
        throw upstreamFailure('the control plane did not confirm the lease, so nothing was pushed', { cause });
      });
      const wish = interruptionIn(answer.directives);
      if (wish) throw wish;
    },
    end() {
      over.abort();
      endDeadline();
      stopping.removeEventListener('abort', onStop);
    },
  };
}
