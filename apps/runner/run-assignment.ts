import { writeFile } from 'node:fs/promises';
import { Interruption } from './interruption.ts';
import { keepTranscript } from './keep-transcript.ts';
import type { OpenCodeHost } from './opencode-host.ts';
import { within } from './pause.ts';
import { releaseWork } from './release-work.ts';
import { asRunFailure } from './run-failure.ts';
import type { SecretFilter } from './secret-filter.ts';
import { submitResult } from './submit-result.ts';
import { type ClaimedAssignment, superviseAssignment } from './supervise-assignment.ts';
import { keepWork, noWork, type Work, type WorkRules, workOnAssignment } from './work-on-assignment.ts';
import { resultOf, type WorkEnd } from './work-result.ts';
import { dropCheckpoints } from './workspace/checkpoint-commit.ts';
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

type End =
  | WorkEnd
  | { readonly status: 'lost'; readonly message: string }
  | { readonly status: 'released'; readonly message: string };

/** How an assignment ended; `lost` was not reported, `released` was given back. */
export type AssignmentEnd = End['status'];

const keepingPatienceMs = 30_000;
const reportsPatienceMs = 5_000;
/** How long the last reports may take where somebody waits for the end. */
const reportsPatience: Partial<Record<AssignmentEnd, number>> = { lost: 0, released: 1_000, cancelled: 1_000 };

/** Works on an assignment to its end and hands the result back. Never throws: every end is reported, at least in the log. */
export async function runAssignment(claimed: ClaimedAssignment, shop: Workshop): Promise<AssignmentEnd> {
  const { assignment } = claimed;
  const name = `session ${assignment.session_id}, attempt ${assignment.attempt}`;
  shop.log(`${name}: started`);
  const startedAt = performance.now();
  const watch = superviseAssignment(claimed, shop);
  const work: Work = {
    assignment,
    calls: claimed.calls,
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
    // nobody wants what is thrown away, so it is gone before anybody is told
    if (isDiscarded(end)) await tidyUp(work, end, shop);
    if (mayHaveTranscript(end)) await keepTranscript(work, shop.secrets);
    await watch.closeReports(reportsPatience[end.status] ?? reportsPatienceMs);
    await handOver(claimed, end, work.done, performance.now() - startedAt, shop);
    shop.log(`${name}: ${sentenceOf(end)}`);
    if (!isDiscarded(end)) await tidyUp(work, end, shop);
    return end.status;
  } catch (error) {
    shop.log(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return 'failed';
  } finally {
    watch.end();
  }
}

/** Work whose result nobody may get: it is somebody else's, or will be, or nobody wants it. */
const isDiscarded = ({ status }: End): boolean => status === 'lost' || status === 'released' || status === 'cancelled';

/** Work that is over in time: of what came too late, nothing but the result is taken. */
const mayHaveTranscript = ({ status }: End): boolean => status === 'completed' || status === 'failed';

async function handOver(
  { assignment, calls }: ClaimedAssignment,
  end: End,
  done: Work['done'],
  executionMs: number,
  { secrets, log }: Workshop,
): Promise<void> {
  const { assignment_id: assignmentId, fencing_token: fencingToken } = assignment;
  if (end.status === 'lost') return;
  if (end.status === 'released') return releaseWork({ calls, assignmentId, fencingToken, reason: end.message, log });
  await submitResult({ calls, assignmentId, result: resultOf(assignment, done, end, executionMs, secrets), log });
}

async function endAfter(error: unknown, work: Work): Promise<End> {
  if (error instanceof Interruption && error.kind === 'lost') return { status: 'lost', message: error.message };
  if (error instanceof Interruption && error.kind === 'cancelled')
    return { status: 'cancelled', message: error.message };
  if (error instanceof Interruption && error.kind === 'stopped') return { status: 'released', message: error.message };
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
  await dropCheckpoints(place);
  if (isDiscarded(end) && done.commit) {
    const { branch, result: commit } = done.commit;
    await dropResultBranch({ gitDir: place.gitDir, branch, commit });
  }
  const isFailed = end.status === 'failed' || end.status === 'timeout';
  if (isDiscarded(end) || keepWorktrees === 'never' || (keepWorktrees === 'failed' && !isFailed))
    return removeWorktree(place);
  await writeFile(`${place.root}.kept`, '');
  log(`the worktree is kept: ${place.root}`);
}
