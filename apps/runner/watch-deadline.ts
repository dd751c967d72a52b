import type { AgentCalls } from './control-plane.ts';
import { within } from './pause.ts';

/** The working time of an assignment, and whom to tell that it is up. */
export interface DeadlineToWatch {
  readonly calls: Pick<AgentCalls, 'look'>;
  readonly assignmentId: string;
  /** As it was when the work was claimed. */
  readonly deadlineAt: string;
  /** From now until the work is to end. */
  readonly timeLeftMs: number;
  readonly onOver: () => void;
}

const patienceMs = 3_000;

/**
 * Waits until the time of an assignment is up. Its session may have been given more since: then it waits on, as long as that is more.
 * Returns what ends the waiting.
 */
export function watchDeadline({ calls, assignmentId, deadlineAt, timeLeftMs, onOver }: DeadlineToWatch): () => void {
  let knownMs = Date.parse(deadlineAt);
  let isEnded = false;
  let timer: NodeJS.Timeout;

  const look = async () => {
    // who gets no answer ends in time
    const stored = await within(
      patienceMs,
      calls.look(assignmentId).catch(() => undefined),
    );
    const moreMs = stored?.deadline_at === undefined ? 0 : Date.parse(stored.deadline_at) - knownMs;
    if (isEnded) return;
    if (moreMs <= 0) return onOver();
    knownMs += moreMs;
    waitFor(moreMs);
  };
  const waitFor = (milliseconds: number) => {
    timer = setTimeout(() => void look(), milliseconds);
  };

  waitFor(Math.max(0, timeLeftMs));
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
