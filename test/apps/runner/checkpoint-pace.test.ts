import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointPace, PACED_UPLOADS } from '#apps/runner/checkpoint-pace';
import { ARTIFACT_LIMITS } from '#domain/artifact/artifact';

const MEGABYTE = 1024 * 1024;

/** Work whose every step changes files, and when its checkpoints were made. */
const work = ({ seconds, stepSeconds, bytes }: { seconds: number; stepSeconds: number; bytes: number }) => {
  let nowMs = 5_000;
  const startedAt = nowMs;
  const pace = checkpointPace({ timeLeftMs: seconds * 1_000, now: () => nowMs });
  const madeAt: number[] = [];
  for (; nowMs < startedAt + seconds * 1_000; nowMs += stepSeconds * 1_000) {
    if (!pace.isDue()) continue;
    madeAt.push((nowMs - startedAt) / 1_000);
    pace.uploaded(bytes);
  }
  return madeAt;
};

const longestGap = (times: readonly number[], end: number) =>
  Math.max(...[...times.slice(1), end].map((time, index) => time - (times[index] ?? 0)));

describe('the pace of checkpoints', () => {
  it('is that of the steps while there are few', () => {
    expect(work({ seconds: 200, stepSeconds: 10, bytes: 1_000 })).toHaveLength(20);
  });

  it('leaves checkpoints for the whole time of work with hundreds of steps', () => {
    const hour = work({ seconds: 3_600, stepSeconds: 5, bytes: 1_000 });
    expect(hour.length).toBeGreaterThan(80);
    expect(longestGap(hour, 3_600)).toBeLessThanOrEqual(120);
    const day = work({ seconds: 86_400, stepSeconds: 10, bytes: 1_000 });
    expect(longestGap(day, 86_400)).toBeLessThanOrEqual(20 * 60);
  });

  it('spaces large ones from the first on', () => {
    const times = work({ seconds: 3_600, stepSeconds: 5, bytes: 40 * MEGABYTE });
    expect(times.length).toBeGreaterThanOrEqual(10);
    expect(times[1]).toBeGreaterThan(200);
    expect(longestGap(times, 3_600)).toBeLessThanOrEqual(600);
  });

  it('goes on when the session is given more time', () => {
    let nowMs = 0;
    const pace = checkpointPace({ timeLeftMs: 60_000, now: () => nowMs });
    const made: number[] = [];
    for (; nowMs < 3_600_000; nowMs += 1_000) {
      if (!pace.isDue()) continue;
      made.push(nowMs);
      pace.uploaded(1_000);
    }
    expect(made.filter((at) => at > 600_000).length).toBeGreaterThan(5);
  });

  it('never needs more uploads than an assignment that is given back once may have', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 86_400 }),
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 0, max: ARTIFACT_LIMITS.bytesEach }),
        (seconds, stepSeconds, bytes) => {
          const { length } = work({ seconds, stepSeconds: Math.max(stepSeconds, seconds / 2_000), bytes });
          expect(length).toBeLessThanOrEqual(PACED_UPLOADS.count);
          expect(length * bytes).toBeLessThanOrEqual(PACED_UPLOADS.bytes);
        },
      ),
    );
    expect(2 * PACED_UPLOADS.count).toBeLessThanOrEqual(ARTIFACT_LIMITS.count);
    expect(2 * PACED_UPLOADS.bytes).toBeLessThanOrEqual(ARTIFACT_LIMITS.bytesTogether);
  });
});
