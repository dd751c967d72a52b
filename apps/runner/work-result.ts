import type { Turn } from '#adapters/opencode/turn';
import { lastTextOf } from '#adapters/opencode/turn';
import type { Assignment, OutputData, Result } from './control-plane.ts';
import { cut } from './event-reporter.ts';
import type { CommandOutcome } from './run-commands.ts';
import { successRateOf } from './run-commands.ts';
import type { RunFailure } from './run-failure.ts';
import type { SecretFilter } from './secret-filter.ts';
import { usageReportOf } from './turn-narrator.ts';
import type { ResultDiff } from './workspace/result-diff.ts';

/** What is known of an assignment's work when it ends, however it ends. */
export interface WorkDone {
  /** What the agent was asked. */
  prompt?: string;
  turn: Turn;
  agentMs: number;
  verifyMs: number;
  model?: string;
  isSimulated?: boolean;
  verification: readonly CommandOutcome[];
  commit?: { base: string; result: string; branch: string; diff: ResultDiff };
  isPushed?: boolean;
  /** Files that were uploaded for the result to name. */
  artifacts?: NonNullable<Result['artifacts']>;
  apiErrors: number;
}

/** How it ended. */
export type WorkEnd =
  | { readonly status: 'completed' }
  | { readonly status: 'failed'; readonly failure: RunFailure }
  | { readonly status: 'timeout' | 'cancelled'; readonly message: string };

/** Levels of how much is told, the fullest first; the first that fits is sent. */
const levels = [
  { files: 2_000, output: 4_000, diff: true },
  { files: 500, output: 1_000, diff: true },
  { files: 500, output: 500, diff: false },
  { files: 100, output: 100, diff: false },
];
const largestOutputBytes = 250 * 1024;

/** The result of an assignment, without secrets and within the size that the control plane takes. */
export function resultOf(
  assignment: Assignment,
  done: WorkDone,
  end: WorkEnd,
  executionMs: number,
  secrets: SecretFilter,
): Result {
  const successRate = successRateOf(done.verification);
  return {
    task_id: assignment.task_id,
    status: end.status,
    fencing_token: assignment.fencing_token,
    output_data: fittingOutput(done, secrets),
    ...(end.status === 'failed' ? failureFields(end.failure, secrets) : {}),
    ...(end.status === 'timeout' || end.status === 'cancelled' ? { error_message: end.message } : {}),
    partial: false,
    ...(done.artifacts ? { artifacts: done.artifacts } : {}),
    execution_time_ms: Math.round(executionMs),
    metrics: { ...usageReportOf(done.turn), api_errors: done.apiErrors },
    ...(successRate === undefined ? {} : { success_rate: successRate }),
  };
}

const failureFields = (failure: RunFailure, secrets: SecretFilter) => ({
  error_code: failure.code,
  error_message: cut(secrets.clean(failure.message), 2_000),
  retryable: failure.retryable,
});

function fittingOutput(done: WorkDone, secrets: SecretFilter): OutputData {
  const outputs = levels.map((level) => outputOf(done, level, secrets));
  return outputs.find((output) => Buffer.byteLength(JSON.stringify(output)) <= largestOutputBytes) ?? {};
}

function outputOf(done: WorkDone, level: (typeof levels)[number], secrets: SecretFilter): OutputData {
  const summary = secrets.clean(lastTextOf(done.turn));
  return {
    ...(summary === '' ? {} : { summary: cut(summary, 10_000) }),
    ...(done.commit ? commitFields(done.commit, level, secrets) : {}),
    ...(done.isPushed === undefined ? {} : { pushed: done.isPushed }),
    verification: done.verification.map(({ output, ...outcome }) => ({
      ...outcome,
      output: lastOf(secrets.clean(output), level.output),
    })),
    ...(done.model === undefined ? {} : { model: done.model }),
    simulated: done.isSimulated ?? false,
    agent_ms: Math.round(done.agentMs),
    verify_ms: Math.round(done.verifyMs),
  };
}

function commitFields(
  { base, result, branch, diff }: NonNullable<WorkDone['commit']>,
  level: (typeof levels)[number],
  secrets: SecretFilter,
): OutputData {
  return {
    base_commit: base,
    result_commit: result,
    result_branch: branch,
    diff: level.diff ? secrets.clean(diff.text) : '[left out: the result is too large]\n',
    diff_cut: diff.isCut || !level.diff,
    files: diff.files.slice(0, level.files).map(({ path, previousPath, status, additions, deletions, binary }) => ({
      path: path.slice(0, 1_000),
      ...(previousPath === undefined ? {} : { old_path: previousPath.slice(0, 1_000) }),
      status,
      additions,
      deletions,
      ...(binary ? { binary } : {}),
    })),
  };
}

const lastOf = (text: string, characters: number): string => text.replaceAll('\u0000', '\ufffd').slice(-characters);
