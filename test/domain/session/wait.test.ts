import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Assignment } from '#domain/assignment/assignment';
import type { Session } from '#domain/session/session';
import { backOff, checkWait, onTheWay, queueExpiry, type Wait } from '#domain/session/wait';
import { aSession, NOON } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';

const noon = Date.parse(NOON);
const later = (seconds: number) => noon + seconds * 1000;
const at = (seconds: number) => new Date(later(seconds)).toISOString();

const queued = (fields: Partial<Session> = {}) =>
  aSession({ status: 'queued', run: 1, queuePlace: { adjustedMs: 0, ticket: 'T', since: NOON }, ...fields });
const running = aSession({ status: 'running', run: 1 });
const moving = onTheWay({ sessionId: 'SESSION', run: 1 }, noon);
const inQueue: Wait = { ...moving, state: 'claim-slot', taskToken: 'token' };

const check = (session: Session | undefined, wait: Wait, hasSlot: boolean, now: number, assignment?: Assignment) =>
  checkWait({ session, wait, slotSince: hasSlot ? NOON : undefined, assignment }, now);

describe('a driver on its way', () => {
  it('is lost after 120 s, and not a moment earlier', () => {
    expect(check(running, moving, true, later(119.999))).toEqual({ found: 'waiting', dueAt: at(120) });
    expect(check(running, moving, true, later(120))).toEqual({ found: 'lost' });
  });

  it('that sleeps out a back-off is lost 120 s after its end', () => {
    const sleeping = backOff({ sessionId: 'SESSION', run: 1 }, later(30));
    expect(sleeping.dueAt).toBe(at(150));
    expect(check(running, sleeping, true, later(149))).toEqual({ found: 'waiting', dueAt: at(150) });
    expect(check(running, sleeping, true, later(150))).toEqual({ found: 'lost' });
  });

  it('is never lost while it waits with a stored token', () => {
    fc.assert(
      fc.property(fc.nat(), (seconds) => {
        const found = check(running, { ...moving, taskToken: 'token' }, true, later(seconds));
        expect(found).toEqual({ found: 'waiting', dueAt: undefined });
      }),
    );
  });
});

describe('a queued session', () => {
  it('may stay for its time to live, from the moment it was queued', () => {
    expect(queueExpiry(queued({ queueTtlSeconds: 60 }))).toBe(at(60));
    expect(queueExpiry(queued({ queuePlace: undefined, statusUpdatedAt: at(5), queueTtlSeconds: 60 }))).toBe(at(65));
  });

  it('is over time exactly then, whatever its driver does', () => {
    const short = queued({ queueTtlSeconds: 60 });
    expect(check(short, inQueue, false, later(59.999))).toEqual({ found: 'waiting', dueAt: at(60) });
    expect(check(short, inQueue, false, later(60))).toEqual({ found: 'queue_ttl' });
    expect(check(short, moving, false, later(60))).toEqual({ found: 'queue_ttl' });
  });

  it('that holds a slot does not wait any more; its driver is told again when it was not woken for 120 s', () => {
    const short = queued({ queueTtlSeconds: 60 });
    expect(check(short, inQueue, true, later(60))).toEqual({ found: 'waiting', dueAt: at(120) });
    expect(check(short, inQueue, true, later(120))).toEqual({ found: 'unwoken' });
  });
});

describe('work that waits for an agent', () => {
  const working: Wait = { ...moving, state: 'run-on-agent', taskToken: 'token' };
  const pending = aWorkItem({ waitUntil: at(600) });

  it('is looked at when it has waited as long as it may, and given up then', () => {
    expect(check(running, working, true, later(120), pending)).toEqual({ found: 'waiting', dueAt: at(600) });
    expect(check(running, working, true, later(600), pending)).toEqual({ found: 'no_agent' });
  });

  it('is looked at once more when an agent has it: 120 s after it must have ended', () => {
    const claimed = aWorkItem({ state: 'claimed', waitUntil: at(600), deadlineAt: at(3600) });
    expect(check(running, working, true, later(999), claimed)).toEqual({ found: 'waiting', dueAt: at(3720) });
    expect(check(running, working, true, later(3720), claimed)).toEqual({ found: 'waiting', dueAt: at(3840) });
  });

  it('that has ended leaves 120 s to the wake of its driver, who is told again then', () => {
    const ended = aWorkItem({ state: 'completed', endedAt: at(60), deadlineAt: at(3600) });
    expect(check(running, working, true, later(120), ended)).toEqual({ found: 'waiting', dueAt: at(180) });
    expect(check(running, working, true, later(180), ended)).toEqual({ found: 'unwoken' });
  });
});

describe('a wait', () => {
  it('of a session that has ended is kept for the wake that its end announces, for 120 s', () => {
    const ended = aSession({ status: 'timeout', run: 1, endedAt: at(60) });
    expect(check(ended, inQueue, false, later(61))).toEqual({ found: 'waiting', dueAt: at(180) });
    expect(check(ended, inQueue, false, later(180))).toEqual({ found: 'settled' });
    expect(check(ended, moving, false, later(61))).toEqual({ found: 'settled' });
    expect(check({ ...ended, run: 2 }, inQueue, false, later(61))).toEqual({ found: 'settled' });
  });

  it('that follows another is looked at when that one was due, which rewrites no index', () => {
    expect(onTheWay({ ...moving, dueAt: at(7) }, later(5)).dueAt).toBe(at(7));
  });

  it('that follows a longer wait is looked at as soon as it may be lost', () => {
    expect(onTheWay({ ...inQueue, dueAt: at(86_400) }, later(5)).dueAt).toBe(at(125));
  });

  it.each([
    ['has no session', undefined],
    ['is of an earlier run', aSession({ status: 'running', run: 2 })],
    ['is of a session that waits to be started', aSession({ status: 'pending', run: 1 })],
    ['is of a session that has ended', aSession({ status: 'failed', run: 1 })],
  ])('is settled when it %s', (_, session) => {
    expect(check(session, moving, false, later(999))).toEqual({ found: 'settled' });
  });
});
