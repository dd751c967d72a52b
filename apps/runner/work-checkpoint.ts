import type { Turn } from '#adapters/opencode/turn';
import { lastTextOf } from '#adapters/opencode/turn';
import type { Assignment } from './control-plane.ts';
import { cut } from './event-reporter.ts';
import { usageReportOf } from './turn-narrator.ts';

/** What a runner puts into a checkpoint, and what another one needs of it to go on. */
export interface CheckpointData {
  readonly base_commit: string;
  readonly commit: string;
  /** The bundle of the commits behind the base; missing when no file has changed. */
  readonly bundle_artifact_id?: string;
  /** How many steps of the agent are finished; the next one has this number, counted from 0. */
  readonly next_step: number;
  readonly summary: string;
}

const isCommit = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value);

/** The checkpoint that an assignment goes on from; undefined when there is none, or it is not one of a runner. */
export function checkpointOf({ checkpoint }: Assignment): CheckpointData | undefined {
  const { base_commit, commit, bundle_artifact_id, next_step, summary } = (checkpoint?.data ?? {}) as Record<
    string,
    unknown
  >;
  if (!isCommit(base_commit) || !isCommit(commit) || !Number.isSafeInteger(next_step)) return undefined;
  return {
    base_commit,
    commit,
    ...(typeof bundle_artifact_id === 'string' ? { bundle_artifact_id } : {}),
    next_step: next_step as number,
    summary: typeof summary === 'string' ? summary : '',
  };
}

const longestSummary = 4_000;

/** The finished messages of a turn: each is one step of the agent. */
export const finishedSteps = (turn: Turn): number =>
  turn.filter(
    ({ info, parts }) =>
      info.time.completed !== undefined &&
      info.error === undefined &&
      parts.every((part) => part.type !== 'tool' || part.state.status === 'completed' || part.state.status === 'error'),
  ).length;

/** What is told of the work so far, beside its files. */
export const describeTurn = (turn: Turn, sessionId: string) => ({
  opencode_session_id: sessionId,
  message_count: turn.length,
  usage: usageReportOf(turn),
  summary: cut(lastTextOf(turn), longestSummary),
});

/**
 * The prompt: what was asked, what a retry added, and where the agent stands in work that goes on. The demo model reads the number
 * of the step.
 */
export const promptOf = ({ input_data }: Assignment, from: CheckpointData | undefined): string => {
  const { prompt, additional_prompt: added } = input_data;
  const asked = added === undefined ? prompt : `${prompt}\n\n${added}`;
  if (from === undefined) return asked;
  const summary = from.summary === '' ? '' : `\nThe last thing said about it: ${from.summary}`;
  return `${asked}

This work was begun before and goes on from a checkpoint: the files are as they were after ${from.next_step} steps. Look at them, then
go on; do not begin anew.${summary}
${nextStepMark}${from.next_step}`;
};

/** Begins the line that tells the demo model which step of its script is next. */
export const nextStepMark = 'iorch-next-step: ';
