import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvents, grown } from '#domain/assignment/apply-events';
import { ASSIGNMENT_STATES, isOpen } from '#domain/assignment/assignment';
import { fence, withinDeadline } from '#domain/assignment/fence';
import { claim, close, heldMs, isLeaseOver, isOverdue, nextLook, renew, workedUntil } from '#domain/assignment/lease';
import type { WorkEvent } from '#domain/assignment/work-event';
import { MOST_COUNTED, noUsage } from '#domain/session/live';
import { NOON, someLive } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';

const noon = Date.parse(NOON);
const seconds = (count: number) => noon + count * 1000;
const grant = { agentId: 'AGENT', leaseSeconds: 120, deadlineAt: '2026-05-04T13:00:00.000Z', now: noon };
const claimed = claim(aWorkItem(), grant);

describe('the lease of an assignment', () => {
  it('begins with a higher fencing token and is looked at when it may run out', () => {
    expect(claimed).toMatchObject({
      state: 'claimed',
      agentId: 'AGENT',
      fencingToken: 1,
      leaseUntil: '2026-05-04T12:02:00.000Z',
    });
    expect(claimed.dueAt).toBe(claimed.leaseUntil);
    expect(claim(claimed, grant).fencingToken).toBe(2);
  });

  it('is stored anew only when a quarter of it is gained', () => {
    expect(renew(claimed, seconds(29))).toBe(claimed);
    expect(renew(claimed, seconds(30)).leaseUntil).toBe('2026-05-04T12:02:30.000Z');
  });

  it('takes another length at once, and moves no index', () => {
    const longer = renew(claimed, noon, 300);
    expect(longer).toMatchObject({ leaseSeconds: 300, leaseUntil: '2026-05-04T12:05:00.000Z', dueAt: claimed.dueAt });
  });

  it('is over at its end and not before; pending work has none', () => {
    expect(isLeaseOver(claimed, seconds(119))).toBe(false);
    expect(isLeaseOver(claimed, seconds(120))).toBe(true);
    expect(isLeaseOver(aWorkItem(), seconds(9999))).toBe(false);
  });

  it('ends 30 seconds after the deadline at the latest', () => {
    const late = claim(aWorkItem(), { ...grant, now: seconds(3590) });
    expect(late.leaseUntil).toBe('2026-05-04T13:00:30.000Z');
    expect(renew(late, seconds(3600), 300).leaseUntil).toBe(late.leaseUntil);
  });

  it('is nothing that can be renewed while nobody has the work', () => {
    const pending = aWorkItem();
    expect(renew(pending, noon, 300)).toBe(pending);
  });

  it('is what the sweeper looks at, and the wait while nobody has the work', () => {
    const pending = aWorkItem({ waitUntil: '2026-05-04T12:10:00.000Z' });
    expect([nextLook(pending), nextLook(claimed)]).toEqual([pending.waitUntil, claimed.leaseUntil]);
    expect([599, 600].map((count) => isOverdue(pending, seconds(count)))).toEqual([false, true]);
    expect([119, 120].map((count) => isOverdue(claimed, seconds(count)))).toEqual([false, true]);
  });

  it('counts as worked until the deadline at the latest, and as held from the claim on', () => {
    expect(workedUntil(claimed, seconds(120))).toBe(seconds(120));
    expect(workedUntil(claimed, seconds(3630))).toBe(seconds(3600));
    expect(workedUntil(aWorkItem(), seconds(9))).toBe(seconds(9));
    expect([heldMs(claimed, seconds(9)), heldMs(aWorkItem(), seconds(9))]).toEqual([9000, 0]);
  });

  it('needs no look once the assignment has ended', () => {
    expect(close(claimed, 'expired', NOON)).toMatchObject({ state: 'expired', endedAt: NOON, dueAt: undefined });
  });

  it('is open in four states of eight', () => {
    expect(ASSIGNMENT_STATES.filter((state) => isOpen(aWorkItem({ state })))).toEqual([
      'pending',
      'offered',
      'claimed',
      'running',
    ]);
  });
});

describe('a write of an agent', () => {
  const code = (act: () => void) => {
    try {
      act();
      return 'accepted';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('is accepted with the newest token while the lease holds', () => {
    expect(code(() => fence(claimed, 1, noon))).toBe('accepted');
  });

  it('is refused with a token that was never given', () => {
    expect(code(() => fence(claimed, 2, noon))).toBe('STALE_FENCING_TOKEN');
  });

  it('is stale with an older token, whatever became of the assignment', () => {
    const regranted = claim(claimed, grant);
    expect(code(() => fence(regranted, 1, noon))).toBe('STALE_FENCING_TOKEN');
    expect(code(() => fence(close(regranted, 'completed', NOON), 1, noon))).toBe('STALE_FENCING_TOKEN');
  });

  it('comes too late after the end of the assignment or of its lease', () => {
    expect(code(() => fence(close(claimed, 'cancelled', NOON), 1, noon))).toBe('ASSIGNMENT_CLOSED');
    expect(code(() => fence(claimed, 1, seconds(120)))).toBe('ASSIGNMENT_CLOSED');
  });

  it('other than the result is refused from the deadline on', () => {
    expect(code(() => withinDeadline(claimed, seconds(3599)))).toBe('accepted');
    expect(code(() => withinDeadline(claimed, seconds(3600)))).toBe('ASSIGNMENT_DEADLINE_PASSED');
    expect(code(() => withinDeadline(aWorkItem(), seconds(9999)))).toBe('accepted');
  });
});

describe('a batch of events', () => {
  const log = (eventSeq: number): WorkEvent => ({
    type: 'log',
    eventSeq,
    timestamp: NOON,
    level: 'info',
    source: 'agent',
    message: `line ${eventSeq}`,
  });

  it('counts once when it is sent twice', () => {
    const first = applyEvents(claimed, someLive(), [log(1), log(2)]);
    expect(first.logLines.map(({ logSeq }) => logSeq)).toEqual([1, 2]);
    const again = applyEvents(first.assignment, first.live, [log(1), log(2), log(3)]);
    expect(again.logLines).toMatchObject([{ logSeq: 3, message: 'line 3' }]);
  });

  it('is applied in the order of its numbers, and a jump is counted', () => {
    const { assignment, logLines } = applyEvents(claimed, someLive(), [log(5), log(2)]);
    expect(logLines.map(({ message }) => message)).toEqual(['line 2', 'line 5']);
    expect(assignment).toMatchObject({ state: 'running', lastEventSeq: 5, gaps: 3 });
  });

  it('shows tools as lines of the log', () => {
    const tool = (eventSeq: number, fields: object): WorkEvent =>
      ({
        type: 'tool',
        eventSeq,
        timestamp: NOON,
        tool: 'bash',
        title: 'ls',
        status: 'completed',
        ...fields,
      }) as WorkEvent;
    const { logLines } = applyEvents(claimed, someLive(), [
      tool(1, { durationMs: 7 }),
      tool(2, { title: '', status: 'failed' }),
    ]);
    expect(logLines.map(({ level, source, message }) => `${level} ${source} ${message}`)).toEqual([
      'info tool bash completed: ls (7 ms)',
      'warning tool bash failed',
    ]);
  });

  it('keeps the newest progress', () => {
    const progress: WorkEvent = { type: 'progress', eventSeq: 2, timestamp: NOON, percent: 40, step: 2 };
    const { live } = applyEvents(claimed, someLive(), [progress]);
    expect(live.progress).toMatchObject({ percent: 40, step: 2, at: NOON });
  });

  it('keeps the base commit that was reported first, if it is one in full', () => {
    const [first, other] = ['a'.repeat(40), 'b'.repeat(64)];
    const baseAfter = (...commits: (string | undefined)[]) =>
      applyEvents(
        claimed,
        someLive(),
        commits.map((baseCommit, index) => ({ type: 'started', eventSeq: index + 1, timestamp: NOON, baseCommit })),
      ).live.baseCommit;
    expect(baseAfter(first, undefined, other)).toBe(first);
    expect(baseAfter(undefined, 'main', 'abc', '', other, first)).toBe(other);
    expect(baseAfter('A'.repeat(40))).toBeUndefined();
  });

  it('lets usage only grow, in whatever order the reports come', () => {
    const report = fc.record({ inputTokens: fc.nat(1000), costUsd: fc.nat(10) });
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 8 }), (reports) => {
        const batch = reports.map(
          (usage, index): WorkEvent => ({
            type: 'metrics',
            eventSeq: index + 1,
            timestamp: NOON,
            usage: { ...noUsage, ...usage },
          }),
        );
        const { live } = applyEvents(claimed, someLive(), batch);
        expect(live.usage.inputTokens).toBe(Math.max(...reports.map(({ inputTokens }) => inputTokens)));
        expect(live.usage.costUsd).toBe(Math.max(...reports.map(({ costUsd }) => costUsd)));
      }),
    );
  });

  it('never lets usage grow past what a table can keep, whatever was used before', () => {
    const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(amount, amount, (before, reported) => {
        const live = someLive({ usageBefore: { ...noUsage, outputTokens: before, costUsd: before } });
        const usage = { ...noUsage, outputTokens: reported, costUsd: reported };
        const { outputTokens, costUsd } = grown(live, usage);
        expect([outputTokens, costUsd]).toEqual(Array(2).fill(Math.min(before + reported, MOST_COUNTED)));
      }),
    );
  });
});
