import { describe, expect, it } from 'vitest';
import { cannotBegin, leftoversAtEnd, replaysAtEnd, runsOn, withLeftovers } from '#domain/training-job/leftover';
import { freshTrainingLive } from '#domain/training-job/retry-job';
import { aStandingTraining } from '#test/support/a-training-job';

const NOON = '2026-05-04T12:00:00.000Z';
const noon = Date.parse(NOON);
const { live } = aStandingTraining();
const submitted = { ...live, submittingAt: NOON, externalJobId: 'X' };
const [leftover] = leftoversAtEnd(submitted, NOON);
if (leftover === undefined) throw new Error('it may still run');

describe('the training of an attempt that has ended', () => {
  it('is left where its provider may be at it, also under a name that nobody knows yet', () => {
    expect(leftover).toMatchObject({ attempt: live.attempt, externalJobId: 'X', since: NOON });
    expect(leftoversAtEnd({ ...submitted, externalJobId: undefined }, NOON)).toHaveLength(1);
  });

  it.each([
    ['was never handed over', live],
    ['is trained', { ...submitted, trainedAt: NOON }],
    ['failed or was stopped there', { ...submitted, releasedAt: NOON }],
  ])('is not left when it %s', (_when, ended) => {
    expect(leftoversAtEnd(ended, NOON)).toEqual([]);
  });

  it('comes to what earlier attempts left, and is taken along by the next one', () => {
    const both = leftoversAtEnd({ ...submitted, attempt: 2, leftovers: [leftover] }, NOON);
    expect(both.map(({ attempt }) => attempt)).toEqual([1, 2]);
    const kept = withLeftovers(live, { status: 'failed' }, { leftovers: both, openReplays: [], now: noon });
    expect(freshTrainingLive('JOB', 3, kept)).toMatchObject({ attempt: 3, leftovers: both, dueAt: kept.dueAt });
    expect(freshTrainingLive('JOB', 3, live)).not.toHaveProperty('leftovers');
  });

  it('is looked at until it is over; a job under way keeps its own time', () => {
    const due = new Date(noon + 60_000).toISOString();
    const looked = { ...live, dueAt: NOON };
    expect(
      withLeftovers(looked, { status: 'failed' }, { leftovers: [leftover], openReplays: [], now: noon }).dueAt,
    ).toBe(due);
    expect(
      withLeftovers(looked, { status: 'pending' }, { leftovers: [leftover], openReplays: [], now: noon }).dueAt,
    ).toBe(due);
    expect(withLeftovers(looked, { status: 'cancelled' }, { leftovers: [], openReplays: [], now: noon })).toMatchObject(
      {
        leftovers: undefined,
        dueAt: undefined,
      },
    );
    expect(withLeftovers(looked, { status: 'running' }, { leftovers: [], openReplays: [], now: noon }).dueAt).toBe(
      NOON,
    );
  });

  it('may be sessions that judge its model, which are looked at like it', () => {
    const openReplays = replaysAtEnd({ ...live, attempt: 2, openReplays: [1] }, true);
    expect([openReplays, replaysAtEnd(live, false)]).toEqual([[1, 2], []]);
    const kept = withLeftovers(live, { status: 'failed' }, { leftovers: [], openReplays, now: noon });
    expect(kept).toMatchObject({ openReplays, dueAt: new Date(noon + 60_000).toISOString() });
    expect(freshTrainingLive('JOB', 3, kept)).toMatchObject({ openReplays, dueAt: kept.dueAt });
    expect(withLeftovers(kept, { status: 'failed' }, { leftovers: [], openReplays: [], now: noon })).toMatchObject({
      openReplays: undefined,
      dueAt: undefined,
    });
  });

  it('may begin late for two minutes, and may take half an hour to stop before somebody is called', () => {
    expect([119_999, 120_000].map((ms) => cannotBegin(leftover, noon + ms))).toEqual([false, true]);
    expect([1_799_999, 1_800_000].map((ms) => runsOn(leftover, noon + ms))).toEqual([false, true]);
  });
});
