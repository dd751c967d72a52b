import { describe, expect, it } from 'vitest';
import { sayFarewell } from '#apps/runner/enlistment';
import { ApiProblem, ApiUnreachable } from '#contracts/client';
import { problem, scriptedControlPlane } from '#test/support/scripted-control-plane';

const tooSoon = (extras: object) =>
  new ApiProblem({ ...problem('RATE_LIMITED', { status: 429, retryable: true }).problem, ...extras });

const aPlane = (...failures: Error[]) => {
  const plane = scriptedControlPlane();
  plane.fail('heartbeat', ...failures);
  return plane;
};

describe('a farewell', () => {
  it('says once that the runner is gone', async () => {
    const plane = aPlane();
    await sayFarewell(plane.calls);
    expect(plane.heartbeats).toEqual(['offline']);
  });

  it('that comes too soon after a heartbeat is said again after the wait it was told', async () => {
    const plane = aPlane(tooSoon({ retry_after_seconds: 0.001 }));
    await sayFarewell(plane.calls);
    expect(plane.heartbeats).toEqual(['offline']);
  });

  it.each([
    ['nobody answers', [new ApiUnreachable('gone')]],
    ['it is refused for another reason', [problem('INVALID_AGENT_TOKEN', { status: 401 })]],
    ['nobody says how long to wait', [tooSoon({})]],
    ['it is refused a second time', [tooSoon({ retry_after_seconds: 0.001 }), new ApiUnreachable('gone')]],
  ])('is left unsaid when %s', async (_, failures) => {
    const plane = aPlane(...failures);
    await sayFarewell(plane.calls);
    expect(plane.heartbeats).toEqual([]);
  });
});
