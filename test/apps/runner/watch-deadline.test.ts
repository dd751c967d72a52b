import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchDeadline } from '#apps/runner/watch-deadline';
import { ApiUnreachable } from '#contracts/client';
import { scriptedControlPlane } from '#test/support/scripted-control-plane';

const DEADLINE = Date.parse('2026-05-04T13:00:00.000Z');
const at = (moreSeconds: number) => new Date(DEADLINE + moreSeconds * 1_000).toISOString();

/** Work with ten seconds left. */
function aDeadline() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const plane = scriptedControlPlane();
  const onOver = vi.fn();
  const work = { calls: plane.calls, assignmentId: 'A1', deadlineAt: at(0), timeLeftMs: 10_000, onOver };
  const end = watchDeadline(work);
  const pass = async (seconds: number) => {
    await vi.advanceTimersByTimeAsync(seconds * 1_000);
    return onOver.mock.calls.length;
  };
  return { plane, end, pass };
}

describe('the deadline of an assignment', () => {
  it('is when its time is up', async () => {
    const { plane, pass } = aDeadline();
    plane.moveDeadline('A1', at(0));
    expect([await pass(9), await pass(1)]).toEqual([0, 1]);
  });

  it('is later when the session was given more time, however often', async () => {
    const { plane, pass } = aDeadline();
    plane.moveDeadline('A1', at(60));
    expect(await pass(69)).toBe(0);
    plane.moveDeadline('A1', at(90));
    expect([await pass(30), await pass(1)]).toEqual([0, 1]);
  });

  it('is the one that is known where nobody says otherwise', async () => {
    const { plane, pass } = aDeadline();
    plane.fail('look', new ApiUnreachable('gone'));
    expect(await pass(10)).toBe(1);
  });

  it('is nobody else’s any more once the work has ended', async () => {
    const { end, pass } = aDeadline();
    end();
    expect(await pass(60)).toBe(0);
  });
});
