import { randomUUID } from 'node:crypto';
import { type Assignment, type ClaimAnswer, isPassing, isRegistrationLost } from './control-plane.ts';
import type { Enlistment } from './enlistment.ts';
import { pause } from './pause.ts';
import type { AssignmentEnd } from './run-assignment.ts';
import type { ClaimedAssignment } from './supervise-assignment.ts';

/** How a runner gets work. */
export interface ClaimLoop {
  readonly enlistment: Enlistment;
  readonly concurrency: number;
  /** End after the first assignment. */
  readonly once: boolean;
  /** How often leases are renewed. @default as often as the control plane wants to be asked for work, at most every 2 seconds */
  readonly extendSeconds: number | undefined;
  readonly signal: AbortSignal;
  readonly run: (claimed: ClaimedAssignment) => Promise<AssignmentEnd>;
  readonly onChange: (running: number) => void;
  readonly log: (line: string) => void;
}

const mostPerClaim = 10;

/** Claims work whenever a place is free, until the signal, and waits for what it started. Returns how the assignments ended, the last 100. */
export async function claimAndRun(loop: ClaimLoop): Promise<AssignmentEnd[]> {
  const running = new Set<Promise<void>>();
  const ends: AssignmentEnd[] = [];
  const start = (claimed: ClaimedAssignment) => {
    const work = loop.run(claimed).then((end) => {
      ends.splice(0, Math.max(0, ends.length - 99));
      ends.push(end);
      running.delete(work);
      loop.onChange(running.size);
    });
    running.add(work);
    loop.onChange(running.size);
  };

  const aborted = new Promise<void>((resolve) =>
    loop.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  try {
    while (!loop.signal.aborted) {
      const free = loop.once ? 1 : loop.concurrency - running.size;
      if (free <= 0) {
        await Promise.race([...running, aborted]);
        continue;
      }
      const answer = await claim(loop, Math.min(free, mostPerClaim));
      for (const assignment of answer?.assignments ?? []) start(claimedIn(answer as ClaimAnswer, assignment, loop));
      if (loop.once && running.size > 0) break;
      if (!answer?.assignments.length)
        await Promise.race([
          ...running,
          pause(1_000 * (answer?.poll_after_seconds ?? 2), loop.signal).catch(() => undefined),
        ]);
    }
  } finally {
    await Promise.all(running);
  }
  return ends;
}

/** One claim, repeated with the same key while nobody answers, so that what was granted unheard is not lost. */
async function claim({ enlistment, signal, log }: ClaimLoop, max: number): Promise<ClaimAnswer | undefined> {
  const key = randomUUID();
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      return await enlistment.calls().claim({ max_assignments: max }, key);
    } catch (error) {
      if (isRegistrationLost(error)) {
        log('the registration is gone; registering again');
        await enlistment.renew();
        return undefined;
      }
      if (!isPassing(error)) throw error;
      log(`no work could be asked for: ${error instanceof Error ? error.message : String(error)}`);
      await pause(Math.min(10_000, 500 * 2 ** failures), signal).catch(() => undefined);
    }
  }
  return undefined;
}

const longestExtendSeconds = 2;

function claimedIn(
  { server_time, poll_after_seconds }: ClaimAnswer,
  assignment: Assignment,
  loop: ClaimLoop,
): ClaimedAssignment {
  const allowedMs = Date.parse(assignment.deadline_at) - Date.parse(server_time);
  const extendSeconds = loop.extendSeconds ?? Math.min(poll_after_seconds, longestExtendSeconds);
  return {
    assignment,
    calls: loop.enlistment.calls(),
    // a little early, so that the result arrives before the control plane ends the assignment itself
    timeLeftMs: allowedMs - Math.min(2_000, 0.05 * allowedMs),
    extendEveryMs: extendSeconds * 1_000,
  };
}
