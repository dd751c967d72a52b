import { describe, expect, it } from 'vitest';
import { InvalidTransition } from '#domain/session/invalid-transition';
import {
  isDeletable,
  isRetryStatus,
  isSettled,
  isTerminal,
  isUnderWay,
  mayHoldSlot,
  SESSION_STATUSES,
  type SessionStatus,
} from '#domain/session/status';
import { move } from '#domain/session/transition';
import { aSession, NOON } from '#test/support/a-session';

/** The table of legal moves, written down a second time. */
const LEGAL: Readonly<Record<SessionStatus, string>> = {
  pending: 'queued running cancelled failed orphaned',
  queued: 'running cancelled failed timeout orphaned',
  running: 'completed partially_completed failed timeout paused stopped degraded cancelled orphaned',
  paused: 'queued running stopped cancelled orphaned',
  degraded: 'running paused completed partially_completed failed timeout stopped cancelled orphaned',
  failed: 'pending',
  timeout: 'pending',
  stopped: 'pending',
  orphaned: 'pending',
  partially_completed: 'pending',
  completed: '',
  cancelled: '',
};
const legal = (from: SessionStatus) => LEGAL[from].split(' ').filter((to) => to !== '');
const pairs = SESSION_STATUSES.flatMap((from) => SESSION_STATUSES.map((to) => ({ from, to })));
const system = { kind: 'system' } as const;

describe('the status of a session', () => {
  it('has 12 values, 144 pairs, and 38 legal moves among them', () => {
    expect(pairs).toHaveLength(144);
    expect(pairs.filter(({ from, to }) => legal(from).includes(to))).toHaveLength(38);
  });

  it.each(pairs.filter(({ from, to }) => legal(from).includes(to)))('moves from $from to $to', ({ from, to }) => {
    const { after, events } = move(aSession({ status: from, version: 4 }), { to, at: NOON, actor: system });
    expect(after).toMatchObject({ status: to, version: 5, statusUpdatedAt: NOON });
    expect(events).toMatchObject([
      { seq: 5, type: 'session.status_changed', payload: { old_status: from, new_status: to } },
    ]);
  });

  it.each(pairs.filter(({ from, to }) => !legal(from).includes(to)))(
    'refuses to move from $from to $to',
    ({ from, to }) => {
      const attempt = () => move(aSession({ status: from }), { to, at: NOON, actor: system });
      expect(attempt).toThrow(InvalidTransition);
      try {
        attempt();
      } catch (error) {
        const { current, target, allowed } = (error as InvalidTransition).extras;
        expect({ current, target, allowed: [...allowed].sort() }).toEqual({
          current: from,
          target: to,
          allowed: legal(from).sort(),
        });
      }
    },
  );

  it('is terminal in seven values and under way in two', () => {
    expect(SESSION_STATUSES.filter(isTerminal).sort()).toEqual(
      ['cancelled', 'completed', 'failed', 'orphaned', 'partially_completed', 'stopped', 'timeout'].sort(),
    );
    expect(SESSION_STATUSES.filter(isUnderWay)).toEqual(['running', 'degraded']);
    expect([...SESSION_STATUSES, undefined].filter(mayHoldSlot)).toEqual(['queued', 'running', 'degraded']);
  });

  it('may be deleted before the first start and after the end, begun anew after five ends, and is settled in two', () => {
    const ends = 'completed partially_completed failed timeout stopped cancelled orphaned'.split(' ');
    expect(SESSION_STATUSES.filter(isDeletable)).toEqual(['pending', ...ends]);
    expect(SESSION_STATUSES.filter(isSettled)).toEqual(['completed', 'cancelled']);
    expect(SESSION_STATUSES.filter(isRetryStatus)).toEqual(
      ends.filter((end) => end !== 'completed' && end !== 'cancelled'),
    );
  });

  it('takes the end and frees the place in the queue with a terminal value', () => {
    const queuePlace = { adjustedMs: 1, ticket: 'T', since: NOON };
    const { after } = move(aSession({ status: 'running', queuePlace }), { to: 'failed', at: NOON, actor: system });
    expect(after).toMatchObject({ endedAt: NOON });
    expect(after.queuePlace).toBeUndefined();
  });
});
