import { type AgentCalls, isPassing } from './control-plane.ts';
import { pause } from './pause.ts';

/** An assignment to give back. */
export interface WorkToRelease {
  readonly calls: Pick<AgentCalls, 'release'>;
  readonly assignmentId: string;
  readonly fencingToken: number;
  readonly reason: string;
  readonly log: (line: string) => void;
}

const patienceMs = 4_000;

/** Gives an assignment back, so that another agent has it at once. When nobody hears of it, its lease runs out. */
export async function releaseWork({ calls, assignmentId, fencingToken, reason, log }: WorkToRelease): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (let failures = 1; ; failures += 1) {
    try {
      await calls.release(assignmentId, { fencing_token: fencingToken, reason });
      return;
    } catch (error) {
      if (!isPassing(error) || performance.now() > giveUpAt) {
        const why = error instanceof Error ? error.message : String(error);
        return log(`assignment ${assignmentId} was not given back, its lease runs out instead: ${why}`);
      }
      await pause(Math.min(1_000, 250 * 2 ** failures));
    }
  }
}
