import type { Session } from '#contracts/session';
import { count, dollars, duration, percent } from './quantities.ts';
import { fields } from './table.ts';

/** One session, a line per field that has a value. */
export const sessionFields = (session: Session): string =>
  fields([
    ['session', session.id],
    ['title', session.title],
    ['status', statusOf(session)],
    ['queue', session.queue && placeOf(session.queue)],
    ['error', session.error && `${session.error.code}: ${session.error.message}`],
    ['success', session.success_rate === undefined ? undefined : percent(session.success_rate)],
    ['attempt', `${session.attempt} of ${session.max_attempts}`],
    ['repository', session.workspace?.repository_url],
    ['ref', session.workspace?.ref],
    ['created', session.created_at],
    ['started', session.started_at],
    ['ended', session.ended_at],
    ['worked', duration(session.active_seconds * 1000)],
    ['usage', session.metrics && usageOf(session.metrics)],
    ['agent', session.agent_id],
    ['may', session.allowed_operations.join(', ') || undefined],
  ]);

const placeOf = ({ position, estimated_wait_seconds }: NonNullable<Session['queue']>) =>
  [
    position === undefined ? 'waits' : `${position - 1} ahead`,
    estimated_wait_seconds === undefined ? undefined : `about ${duration(estimated_wait_seconds * 1000)} to wait`,
  ]
    .filter(Boolean)
    .join(', ');

const usageOf = ({ tokens_used, cost_usd }: NonNullable<Session['metrics']>) =>
  `${count(tokens_used, 'token')}, ${dollars(cost_usd)}`;

const statusOf = ({ status, activity, status_reason, status_detail }: Session) =>
  [status, activity?.replaceAll('_', ' '), status_reason && `(${status_reason})`, status_detail]
    .filter(Boolean)
    .join(' ');
