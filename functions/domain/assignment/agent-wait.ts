import type { Session } from '#domain/session/session';
import type { Assignment } from './assignment.ts';

const LONGEST_SECONDS = 3600;
const SECOND_MS = 1000;

type Patience = Pick<Session, 'queueTtlSeconds'>;

const stretchMs = ({ queueTtlSeconds }: Patience) => Math.min(queueTtlSeconds, LONGEST_SECONDS) * SECOND_MS;

const iso = (ms: number) => new Date(ms).toISOString();

/** Work waits for an agent no longer than its session may be queued, and never longer than an hour at a stretch. */
export const agentWaitEnd = (session: Patience, now: number): string => iso(now + stretchMs(session));

/** The end of a wait that is under way when its session may be queued for another time than before. */
export const moveWaitEnd = ({ waitUntil }: Pick<Assignment, 'waitUntil'>, before: Patience, after: Patience): string =>
  iso(Date.parse(waitUntil) + stretchMs(after) - stretchMs(before));
