import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Interruption } from '#apps/runner/interruption';
import { keepLease } from '#apps/runner/keep-lease';
import { ApiUnreachable } from '#contracts/client';
import { problem, scriptedControlPlane } from '#test/support/scripted-control-plane';

function aLease() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const plane = scriptedControlPlane();
  const extend = vi.spyOn(plane.calls, 'extend');
  const heard: Interruption['kind'][] = [];
  const over = new AbortController();
  const keeping = keepLease({
    ...{ calls: plane.calls, assignmentId: 'A1', fencingToken: 3, everyMs: 1_000, signal: over.signal },
    onInterruption: ({ kind }) => heard.push(kind),
  });
  return { plane, extend, heard, over, keeping };
}

describe('keeping a lease', () => {
  it('renews it with its fencing token, again and again, until it is over', async () => {
    const { extend, heard, over, keeping } = aLease();
    await vi.advanceTimersByTimeAsync(3_500);
    over.abort();
    await keeping;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(extend.mock.calls).toEqual(Array.from({ length: 3 }, () => ['A1', { fencing_token: 3 }]));
    expect(heard).toEqual([]);
  });

  it.each(['STALE_FENCING_TOKEN', 'ASSIGNMENT_CLOSED', 'ASSIGNMENT_NOT_FOUND'])(
    'ends the work when it is refused with %s',
    async (code) => {
      const { plane, extend, heard, keeping } = aLease();
      plane.fail('extend', problem(code));
      await vi.advanceTimersByTimeAsync(5_000);
      await keeping;
      expect(heard).toEqual(['lost']);
      expect(extend).toHaveBeenCalledTimes(1);
    },
  );

  it('ends the work in time to hand it back when the session was given less of it', async () => {
    const { plane, heard } = aLease();
    plane.fail('extend', problem('ASSIGNMENT_DEADLINE_PASSED'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(heard).toEqual(['deadline']);
  });

  it('hears that the session was cancelled', async () => {
    const { plane, heard } = aLease();
    plane.direct('A1', 'cancel');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(heard).toEqual(['cancelled']);
  });

  it('goes on when an answer is missing, and does not mind what it does not know', async () => {
    const { plane, extend, heard } = aLease();
    plane.direct('A1', 'something_new');
    plane.fail('extend', new ApiUnreachable('gone'), problem('INTERNAL_ERROR', { status: 500, retryable: true }));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(extend).toHaveBeenCalledTimes(3);
    expect(heard).toEqual([]);
  });
});
