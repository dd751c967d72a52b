import { writeFile } from 'node:fs/promises';
import { Interruption } from './interruption.ts';
import type { OpenCodeHost } from './opencode-host.ts';
import { within } from './pause.ts';
import { asRunFailure } from './run-failure.ts';
import type { SecretFilter } from './secret-filter.ts';
import { submitResult } from './submit-result.ts';
import { type ClaimedAssignment, superviseAssignment } from './supervise-assignment.ts';
import { keepWork, noWork, type Work, type WorkRules, workOnAssignment } from './work-on-assignment.ts';
import { resultOf, type WorkEnd } from './work-result.ts';
import { dropResultBranch } from './workspace/result-branch.ts';
import { removeWorktree } from './workspace/worktree.ts';

/** What every assignment of a runner shares. */
export interface Workshop {
  readonly host: OpenCodeHost;
  readonly rules: WorkRules;
  readonly keepWorktrees: 'never' | 'failed' | 'always';
  readonly secrets: SecretFilter;
  readonly log: (line: string) => void;
  /** Aborted when the runner is told to end. */
  readonly stopping: AbortSignal;
}

type End = WorkEnd | { readonly status: 'lost'; readonly message: string };

/** How an assignment ended; `lost` was not reported. */
export type AssignmentEnd = End['status'];

const keepingPatienceMs = 30_000;

/** Works on an assignment to its end and hands the result back. Never throws: every end is reported, at least in the log. */
export async function runAssignment(claimed: ClaimedAssignment, shop: Workshop): Promise<AssignmentEnd> {
  const { assignment, calls } = claimed;
  const name = `session ${assignment.session_id}, attempt ${assignment.attempt}`;
  shop.log(`${name}: started`);
  const startedAt = performance.now();
  const watch = superviseAssignment(claimed, shop);
  const work: Work = {
    assignment,
    rules: shop.rules,
    host: shop.host,
    signal: watch.signal,
    report: watch.report,
    confirmLease: watch.confirmLease,
    done: noWork(),
  };
  try {
    const end = await workOnAssignment(work).then(
      (): End => ({ status: 'completed' }),
      (error: unknown) => endAfter(watch.signal.aborted ? watch.signal.reason : error, work),
    );
    await watch.closeReports(end.status === 'lost' ? 0 : 5_000);
    if (end.status !== 'lost') {
      const result = resultOf(assignment, work.done, end, performance.now() - startedAt, shop.secrets);
      await submitResult({ calls, assignmentId: assignment.assignment_id, result, log: shop.log });
    }
    shop.log(`${name}: ${sentenceOf(end)}`);
    await tidyUp(work, end, shop);
    return end.status;
  } catch (error) {
    shop.log(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return 'failed';
  } finally {
    watch.end();
  }
}

async function endAfter(error: unknown, work: Work): Promise<End> {
  if (error instanceof Interruption && error.kind === 'lost') return { status: 'lost', message: error.message };
  if (error instanceof Interruption && error.kind === 'cancelled')
    return { status: 'cancelled', message: error.message };
  // a run that ended early is kept as far as it came
  if (work.done.turn.length > 0 && !work.done.commit) {
    const keeping = keepWork(work).catch(() => undefined);
    await within(keepingPatienceMs, keeping);
  }
  if (error instanceof Interruption && error.kind === 'deadline') return { status: 'timeout', message: error.message };
  return { status: 'failed', failure: asRunFailure(error) };
}

const sentenceOf = (end: End): string => (end.status === 'failed' ? `failed: ${end.failure.message}` : end.status);

/** Removes the worktree, unless its owner wants to look at it. Discarded work is always removed. */
async function tidyUp({ place, done }: Work, end: End, { keepWorktrees, log }: Workshop): Promise<void> {
  if (!place) return;
  const isDiscarded = end.status === 'lost' || end.status === 'cancelled';
  if (isDiscarded && done.commit) {
    const { branch, result: commit } = done.commit;
    await dropResultBranch({ gitDir: place.gitDir, branch, commit });
  }
  const isFailed = end.status === 'failed' || end.status === 'timeout';
  if (isDiscarded || keepWorktrees === 'never' || (keepWorktrees === 'failed' && !isFailed))
    return removeWorktree(place);
  await writeFile(`${place.root}.kept`, '');
  log(`the worktree is kept: ${place.root}`);
}
