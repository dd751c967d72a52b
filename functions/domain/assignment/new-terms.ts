import { reprioritize } from '#domain/routing/dispatch-queue';
import type { Session } from '#domain/session/session';
import { moveWaitEnd } from './agent-wait.ts';
import type { Assignment } from './assignment.ts';
import { moveWorkDeadline } from './lease.ts';

type Terms = Pick<Session, 'priority' | 'maxDurationSeconds' | 'queueTtlSeconds'>;

export interface NewTerms {
  readonly before: Terms;
  readonly after: Terms;
  /** Of the working time; absent while nobody works. */
  readonly deadlineAt: string | undefined;
}

/** Open work after a change of what its session allows it: its place in the dispatch queue, its wait for an agent, its deadline. */
export const underNewTerms = (work: Assignment, { before, after, deadlineAt }: NewTerms): Assignment => {
  const { priority, maxDurationSeconds } = after;
  const waitUntil = moveWaitEnd(work, before, after);
  const moved: Assignment = { ...reprioritize(work, priority), maxDurationSeconds, waitUntil };
  return deadlineAt === undefined ? moved : moveWorkDeadline(moved, deadlineAt);
};
