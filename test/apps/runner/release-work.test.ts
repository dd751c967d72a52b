import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { releaseWork } from '#apps/runner/release-work';
import { ApiUnreachable } from '#contracts/client';
import { problem, scriptedControlPlane } from '#test/support/scripted-control-plane';

const giveBack = async (...failures: Error[]) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const plane = scriptedControlPlane();
  plane.fail('release', ...failures);
  const lines: string[] = [];
  const order = { calls: plane.calls, assignmentId: 'A1', fencingToken: 1, reason: 'the end' };
  const released = releaseWork({ ...order, log: (line) => lines.push(line) });
  await vi.advanceTimersByTimeAsync(60_000);
  await released;
  return { releases: plane.releases, lines };
};

describe('giving an assignment back', () => {
  it('is repeated while nobody answers', async () => {
    expect(await giveBack(new ApiUnreachable('gone'), new ApiUnreachable('gone'))).toEqual({
      releases: ['A1'],
      lines: [],
    });
  });

  it('ends with a word about the lease when it is refused', async () => {
    const { releases, lines } = await giveBack(problem('ASSIGNMENT_DEADLINE_PASSED'));
    expect(releases).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('lease runs out')]);
  });

  it('ends with a word about the lease when nobody answers for long', async () => {
    const { lines } = await giveBack(...Array.from({ length: 50 }, () => new ApiUnreachable('gone')));
    expect(lines).toEqual([expect.stringContaining('lease runs out')]);
  });
});
