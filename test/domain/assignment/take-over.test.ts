import { describe, expect, it } from 'vitest';
import { isTakenOver, successor } from '#domain/assignment/take-over';
import { aWorkItem } from '#test/support/a-work-item';

const at = (minute: number) => `2026-05-04T12:${String(minute).padStart(2, '0')}:00.000Z`;
const lost = aWorkItem({ state: 'expired', agentId: 'AGENT', fencingToken: 4, endedAt: at(10), deadlineAt: at(30) });

describe('work whose agent was lost', () => {
  it('is taken over twice in a row, not a third time', () => {
    expect([1, 2, 3].map((grant) => isTakenOver({ ...lost, grant }))).toEqual([true, true, false]);
  });

  it('is not taken over once its working time is used up, nor when nobody had it, nor before it is lost', () => {
    expect(isTakenOver({ ...lost, endedAt: at(30) })).toBe(false);
    expect(isTakenOver({ ...lost, agentId: undefined })).toBe(false);
    expect(isTakenOver({ ...lost, state: 'running' })).toBe(false);
    expect(isTakenOver({ ...lost, endedAt: undefined })).toBe(true);
  });

  it('goes on under higher fencing tokens, counted anew after progress', () => {
    expect(successor(lost, { madeProgress: false })).toMatchObject({ fencingToken: 4, grant: 2 });
    expect(successor({ ...lost, grant: 2 }, { madeProgress: true })).toMatchObject({ fencingToken: 4, grant: 1 });
  });

  it('passes its agent over for 300 s when it let its lease run out', () => {
    const silent = { ...lost, leaseUntil: at(10) };
    expect(successor(silent, { madeProgress: false })).toMatchObject({
      excludedAgentId: 'AGENT',
      excludedUntil: at(15),
    });
  });

  it('may go to the same agent again when that began anew, with its lease still running', () => {
    const begunAnew = { ...lost, leaseUntil: at(11) };
    expect(successor(begunAnew, { madeProgress: false })).toEqual({ fencingToken: 4, grant: 2 });
    expect(successor({ ...begunAnew, endedAt: undefined }, { madeProgress: false }).excludedAgentId).toBeUndefined();
  });
});
