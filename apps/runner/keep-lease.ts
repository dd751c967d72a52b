import { type AgentCalls, type Directive, isAssignmentLost, isOutOfTime } from './control-plane.ts';
import { Interruption, outOfTime } from './interruption.ts';
import { pause } from './pause.ts';

/** Which lease to keep, and how often to renew it. */
export interface LeaseToKeep {
  readonly calls: Pick<AgentCalls, 'extend'>;
  readonly assignmentId: string;
  readonly fencingToken: number;
  readonly everyMs: number;
  /** Ends the keeping. */
  readonly signal: AbortSignal;
  /** Told once, when the control plane wants the work to end. */
  readonly onInterruption: (interruption: Interruption) => void;
}

/** Renews the lease until the signal ends it, and hears what the control plane wants. A call that is not answered is tried again. */
export async function keepLease(lease: LeaseToKeep): Promise<void> {
  try {
    for (;;) {
      await pause(lease.everyMs, lease.signal);
      const wish = await renew(lease);
      if (wish) return lease.onInterruption(wish);
    }
  } catch (error) {
    if (!lease.signal.aborted) throw error;
  }
}

async function renew({ calls, assignmentId, fencingToken }: LeaseToKeep): Promise<Interruption | undefined> {
  try {
    const { directives } = await calls.extend(assignmentId, { fencing_token: fencingToken });
    return interruptionIn(directives);
  } catch (error) {
    if (isAssignmentLost(error)) return lostBy(error);
    // the session was given less time than this work was claimed with
    return isOutOfTime(error) ? outOfTime() : undefined;
  }
}

/** The interruption that a list of directives asks for. */
export const interruptionIn = (directives: readonly Directive[]): Interruption | undefined =>
  directives.some(({ type }) => type === 'cancel')
    ? new Interruption('cancelled', 'the session was cancelled')
    : undefined;

/** The interruption that a refused call means. */
export const lostBy = (error: unknown): Interruption =>
  new Interruption(
    'lost',
    `the control plane took the assignment back: ${error instanceof Error ? error.message : String(error)}`,
  );
