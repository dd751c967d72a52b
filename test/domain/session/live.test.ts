import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activeSecondsAt,
  attemptAgain,
  backOffLeft,
  backOffLive,
  freshLive,
  nextAttempt,
  startClock,
  stopClock,
} from '#domain/session/live';
import { NOON } from '#test/support/a-session';

const noon = Date.parse(NOON);
const minutes = (count: number) => noon + count * 60_000;

describe('the clock of working time', () => {
  it('stands still while a session waits for its agent', () => {
    const live = freshLive('SESSION', 1);
    expect(live.activity).toBe('waiting_for_agent');
    expect(activeSecondsAt(live, minutes(90))).toBe(0);
  });

  it('runs from the grant and sets the deadline', () => {
    const live = startClock(freshLive('SESSION', 1), 3600, noon);
    expect(live).toMatchObject({ activity: 'working', deadlineAt: '2026-05-04T13:00:00.000Z' });
    expect(activeSecondsAt(live, minutes(20))).toBe(1200);
  });

  it('counts what was worked before when it runs again', () => {
    const stopped = stopClock(startClock(freshLive('SESSION', 1), 3600, noon), minutes(30));
    expect(stopped).toMatchObject({ activeSeconds: 1800 });
    for (const field of ['clockStartedAt', 'deadlineAt', 'activity']) expect(stopped).not.toHaveProperty(field);
    const again = startClock(stopped, 3600, minutes(60));
    expect(again.deadlineAt).toBe(new Date(minutes(90)).toISOString());
    expect(activeSecondsAt(again, minutes(75))).toBe(2700);
  });

  it('never runs backwards', () => {
    expect(activeSecondsAt(startClock(freshLive('SESSION', 1), 3600, noon), minutes(-5))).toBe(0);
  });
});

it.each([nextAttempt, attemptAgain])('a later attempt works from the commit of the first: %o', (later) => {
  const live = { ...freshLive('SESSION', 1), baseCommit: 'a'.repeat(40) };
  expect(later(live, 2)).toMatchObject({ attempt: 2, baseCommit: live.baseCommit });
  expect(later(freshLive('SESSION', 1), 2)).not.toHaveProperty('baseCommit');
});

describe('what is left of the pause before an attempt', () => {
  const live = freshLive('SESSION', 1);

  it('is nothing where there is no pause', () => {
    expect(backOffLeft(live, noon)).toBe(0);
  });

  it('is the fewest whole seconds after which it is over', () => {
    const milliseconds = fc.nat(400_000);
    fc.assert(
      fc.property(milliseconds, milliseconds, (until, now) => {
        const pausing = backOffLive(live, noon + until);
        const left = backOffLeft(pausing, noon + now);
        expect(backOffLeft(pausing, noon + now + left * 1000)).toBe(0);
        if (left > 0) expect(backOffLeft(pausing, noon + now + (left - 1) * 1000)).toBe(1);
      }),
    );
  });
});
