import type { Session } from '#contracts/session';
import { count, dollars, duration, percent } from './quantities.ts';
import { servedVersion } from './served-version.ts';
import { fields } from './table.ts';

/** One session, a line per field that has a value. */
export const sessionFields = (session: Session): string =>
  fields([
    ['session', session.id],
    ['title', session.title],
    ['status', statusOf(session)],
    ['waits for', session.waiting_reason && WAITS_FOR[session.waiting_reason]],
    ['queue', session.queue && placeOf(session.queue)],
    ['error', session.error && `${session.error.code}: ${session.error.message}`],
    ['success', session.success_rate === undefined ? undefined : percent(session.success_rate)],
    ['attempt', `${session.attempt} of ${session.max_attempts}`],
    ['repository', session.workspace?.repository_url],
    ['ref', session.workspace?.ref],
    ['model', servedVersion(session.model_resolution) ?? session.model_identifier],
    ['created', session.created_at],
    ['started', session.started_at],
    ['ended', session.ended_at],
    ['worked', duration(session.active_seconds * 1000)],
    ['usage', session.metrics && usageOf(session.metrics)],
    ['agent', session.agent_id],
    ['may', session.allowed_operations.join(', ') || undefined],
  ]);

/** What has to happen before an agent takes the work, by the stage of routing that leaves none. */
const WAITS_FOR: Readonly<Record<NonNullable<Session['waiting_reason']>, string>> = {
  registered: 'an agent: none is registered',
  reachable: 'an agent that is online',
  allowed: 'another agent than the one that has just lost it',
  capable: 'an agent with all required capabilities',
  suitable: 'an agent that takes work of its kind',
  tier: 'an agent that performs well enough',
  capacity: 'an agent with a free place',
};

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
