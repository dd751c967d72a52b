import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  begunTurn,
  heardReplay,
  isReplayOver,
  isToStop,
  judgeReplay,
  MAX_OPEN_REPLAYS,
  needlessSessions,
  newReplay,
  nextTurn,
  openSessions,
  type Replay,
  type ReplaySession,
  replayResults,
  withoutItem,
} from '#domain/evaluation/replay';
import { aSession, NOON } from '#test/support/a-session';

const now = Date.parse(NOON);
const HOUR = 3_600_000;

const aReplay = (count: number): Replay =>
  newReplay(
    {
      jobId: 'JOB',
      attempt: 1,
      models: { candidate: 'acme/new', baseline: 'acme/old' },
      minSuccessRate: 0.9,
      maxCostUsd: 0.5,
      startedAt: NOON,
    },
    Array.from({ length: count }, (_, index) => `S${index}`),
  );

/** Takes every turn that may be taken; sessions are named by their item, side and try. */
const taken = (replay: Replay, at = now): Replay => {
  const turn = nextTurn(replay, at);
  if (turn === undefined) return replay;
  const tries = replay.items[turn.index]?.[turn.side].tries ?? 0;
  return taken(begunTurn(replay, turn, `${turn.index}-${turn.side}-${tries + 1}`), at);
};

type Known = ReplaySession;
const known = (fields: Partial<Known>): Known => ({ costUsd: 0.1, ...aSession(), ...fields });
const ended = (fields: Partial<Known>): Known => known({ status: 'completed', ...fields });
const failed = (code: string) =>
  ended({ status: 'failed', error: { type: 'agent', code, message: '', retryable: true, at: NOON } });

const done = (result: Partial<NonNullable<Known['result']>>, costUsd = 0.1): Known =>
  ended({ modelIdentifier: 'acme/new', successRate: 1, costUsd, result: { simulated: false, ...result } });

const heard = (replay: Replay, sessions: Readonly<Record<string, Known>>, at = now) => {
  const running = openSessions(replay).map((id) => [id, known({ status: 'running' })] as const);
  return heardReplay(replay, new Map([...running, ...Object.entries(sessions)]), at);
};

const limits = { minSuccessRate: 0.9, maxCostUsd: 0.5 };

describe('what a replayed session says of its model', () => {
  it.each<[string, Partial<Known>, unknown]>([
    ['that it passed, at the least success rate', { status: 'completed', successRate: 0.9 }, { passed: true }],
    ['that it did not, below', { status: 'completed', successRate: 0.89 }, { passed: false }],
    ['that it did not, when nothing was verified', { status: 'completed' }, { passed: false }],
    ['that it did not, when its agent failed', failed('AGENT_EXECUTION_FAILED'), { passed: false }],
    ['that it did not, when its time was up', { status: 'timeout', statusReason: 'max_duration' }, { passed: false }],
    ['that it did not, when it waits for a person', { status: 'paused' }, { passed: false }],
    [
      'that it did not, when it ended and cost more than it may',
      ended({ successRate: 1, costUsd: 0.51 }),
      { passed: false },
    ],
    ['that it did not, when it costs more already', { status: 'running', costUsd: 0.51 }, { passed: false }],
    ['that it did not, when it was cancelled for its cost', { status: 'cancelled', costUsd: 0.51 }, { passed: false }],
    ['that it passed, at the highest cost', ended({ successRate: 1, costUsd: 0.5 }), { passed: true }],
    ['nothing yet, at the highest cost', { status: 'running', costUsd: 0.5 }, undefined],
    ['nothing yet, while it runs', { status: 'running' }, undefined],
    ['that it did not, when it failed with a code that every object has', failed('constructor'), { passed: false }],
    ['nothing, when no agent took it', failed('AGENT_UNAVAILABLE'), { want: 'agent' }],
    ['nothing, when it never left the queue', { status: 'timeout', statusReason: 'queue_ttl' }, { want: 'agent' }],
    ['nothing, when its agent was lost', { status: 'orphaned' }, { want: 'agent' }],
    ['nothing, when the provider was down', failed('UPSTREAM_ERROR'), { want: 'provider' }],
    ['nothing, when its repository was refused', failed('REPOSITORY_REFUSED'), { want: 'repository' }],
    ['nothing, when somebody cancelled it', { status: 'cancelled' }, { want: 'cancelled' }],
    ['nothing, when no real model did it', done({ simulated: true }), { want: 'simulated' }],
    ['nothing, when no real model did it and it cost too much', done({ simulated: true }, 0.51), { want: 'simulated' }],
    ['nothing, when another model did it', done({ model: 'acme/other' }), { want: 'model' }],
    ['that it passed, when the one asked for did it', done({ model: 'acme/new' }), { passed: true }],
    ['that it passed, when nobody says which model did it', done({}), { passed: true }],
  ])('is %s', (_, fields, judged) => expect(judgeReplay(known(fields), limits)).toEqual(judged));

  it('is nothing when it is gone', () => expect(judgeReplay(undefined, limits)).toEqual({ want: 'cancelled' }));
});

describe('a session', () => {
  it.each<[boolean, string, Partial<Known>]>([
    [true, 'waits for a person', { status: 'paused' }],
    [true, 'costs more than it may', { status: 'running', costUsd: 0.51 }],
    [false, 'costs what it may', { status: 'running', costUsd: 0.5 }],
    [false, 'is over', { status: 'completed', costUsd: 0.51 }],
  ])('is stopped: %s, when it %s', (isStopped, _, fields) => expect(isToStop(known(fields), limits)).toBe(isStopped));
});

describe('a replay', () => {
  it('lets both models take their turns at an item together, four sessions at a time', () => {
    const replay = taken(aReplay(5));
    expect(openSessions(replay)).toEqual(['0-candidate-1', '0-baseline-1', '1-candidate-1', '1-baseline-1']);
    const next = taken(heard(replay, { '0-candidate-1': ended({ successRate: 1 }) }));
    expect(openSessions(next)).toEqual(['0-baseline-1', '1-candidate-1', '1-baseline-1', '2-candidate-1']);
  });

  it('counts each pair once both have ended', () => {
    const replay = heard(taken(aReplay(1)), {
      '0-candidate-1': ended({ successRate: 1 }),
      '0-baseline-1': ended({ successRate: 0.5 }),
    });
    expect(isReplayOver(replay)).toBe(true);
    const pair = { sessionId: 'S0', candidateSessionId: '0-candidate-1', baselineSessionId: '0-baseline-1' };
    expect(replayResults(replay)).toEqual({ pairs: [{ ...pair, candidate: true, baseline: false }], notReplayed: {} });
  });

  it('tries again after ten minutes what was in want of something, once', () => {
    const first = heard(taken(aReplay(1)), { '0-candidate-1': failed('UPSTREAM_ERROR') });
    expect(openSessions(taken(first))).toEqual(['0-baseline-1']);
    const again = taken(first, now + 600_000);
    expect(openSessions(again)).toEqual(['0-candidate-2', '0-baseline-1']);
    const lost = heard(again, { '0-candidate-2': failed('UPSTREAM_ERROR') });
    expect(needlessSessions(lost)).toEqual(['0-baseline-1']);
    expect(isReplayOver(lost)).toBe(false);
    const over = heard(lost, { '0-baseline-1': ended({ status: 'cancelled' }) });
    expect(isReplayOver(over)).toBe(true);
    expect(replayResults(over)).toEqual({ pairs: [], notReplayed: { provider: 1 } });
  });

  it('leaves out a pair of which one session was done by no real model, after a second try', () => {
    const passed = ended({ successRate: 1 });
    const first = heard(taken(aReplay(1)), { '0-candidate-1': done({ simulated: true }), '0-baseline-1': passed });
    expect(isReplayOver(first)).toBe(false);
    const over = heard(taken(first, now + 600_000), { '0-candidate-2': done({ simulated: true }) });
    expect(isReplayOver(over)).toBe(true);
    expect(replayResults(over)).toEqual({ pairs: [], notReplayed: { simulated: 1 } });
  });

  it('leaves out after a day what is not decided', () => {
    const replay = heard(taken(aReplay(2)), { '0-candidate-1': ended({}), '0-baseline-1': ended({}) }, now + 24 * HOUR);
    expect(replayResults(replay)).toMatchObject({ notReplayed: { time: 1 } });
    expect(needlessSessions(replay)).toEqual(['1-candidate-1', '1-baseline-1']);
    expect(nextTurn(replay, now + 24 * HOUR)).toBeUndefined();
  });

  it('leaves out what cannot be begun', () => {
    const replay = withoutItem(aReplay(2), 0, 'source');
    expect(openSessions(taken(replay))).toEqual(['1-candidate-1', '1-baseline-1']);
    expect(replayResults(withoutItem(replay, 1, 'source')).notReplayed).toEqual({ source: 2 });
  });

  it('ends, never has more than four sessions open, and accounts for every item, however its sessions end', () => {
    const ends = fc.constantFrom(
      ended({ successRate: 1 }),
      ended({ successRate: 0 }),
      failed('UPSTREAM_ERROR'),
      ended({ status: 'orphaned' }),
      done({ simulated: true }),
      known({ status: 'running' }),
      known({ status: 'running', costUsd: 1 }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.infiniteStream(ends), (count, stream) => {
        let replay = aReplay(count);
        let at = now;
        for (; !isReplayOver(replay) && at < now + 30 * 24 * HOUR; at += HOUR / 4) {
          replay = taken(replay, at);
          expect(openSessions(replay).length).toBeLessThanOrEqual(MAX_OPEN_REPLAYS);
          const called = new Set(needlessSessions(replay));
          const outcome = (id: string) =>
            called.has(id) ? ended({ status: 'cancelled' }) : (stream.next().value as Known);
          replay = heardReplay(replay, new Map(openSessions(replay).map((id) => [id, outcome(id)])), at);
        }
        const { pairs, notReplayed } = replayResults(replay);
        expect(isReplayOver(replay)).toBe(true);
        expect(pairs.length + Object.values(notReplayed).reduce((sum, pairsLeft) => sum + pairsLeft, 0)).toBe(count);
      }),
      { numRuns: 50 },
    );
  });
});
