import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunState } from '#adapters/opencode/observation';
import { type Observation, type OpenCodeClient, OpenCodeError } from '#adapters/opencode/opencode-client';
import { followRun } from '#apps/runner/follow-run';
import { modelMessage } from '#test/adapters/opencode/a-turn';

const done = { state: { kind: 'done' }, turn: [modelMessage('a1')] } as const;
const failed = (error: Extract<RunState, { kind: 'failed' }>['error']) =>
  ({ state: { kind: 'failed', error }, turn: [] }) as const;
const busy = { state: { kind: 'running' }, turn: [] } as const;

/** Follows a run that looks like this, look after look; the last one stays. */
function follow(...looks: (Observation | Error)[]) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const lookedAt: number[] = [];
  const rejected: string[] = [];
  const startedAt = performance.now();
  const client = {
    async observe() {
      lookedAt.push(Math.round(performance.now() - startedAt));
      const look = looks.length > 1 ? looks.shift() : looks[0];
      if (look instanceof Error) throw look;
      return look;
    },
    async rejectPermission(_run: unknown, id: string) {
      rejected.push(id);
    },
  } as Partial<OpenCodeClient> as OpenCodeClient;
  const stop = new AbortController();
  const following = followRun({
    client,
    run: { key: 'k', directory: '/w' },
    signal: stop.signal,
    onLook: () => undefined,
  });
  following.catch(() => undefined);
  return { following, lookedAt, rejected, stop };
}

describe('following a run', () => {
  it('looks often while something happens and less often while nothing does', async () => {
    const { following, lookedAt } = follow(...Array.from({ length: 12 }, () => busy), done);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await following).toHaveLength(1);
    const pauses = lookedAt.slice(1).map((at, index) => at - (lookedAt[index] ?? 0));
    expect(pauses[0]).toBe(250);
    expect(pauses.at(-1)).toBe(2_000);
  });

  it('believes that a run never started only after a second look', async () => {
    const { following, lookedAt } = follow({ state: { kind: 'not-started' }, turn: [] });
    await vi.advanceTimersByTimeAsync(60_000);
    await expect(following).rejects.toMatchObject({ code: 'AGENT_REJECTED', retryable: true });
    expect(lookedAt.at(-1)).toBeGreaterThanOrEqual(3_000);
  });

  it.each([
    [{ name: 'APIError', message: 'overloaded', statusCode: 529, isRetryable: true }, 'UPSTREAM_ERROR', true],
    [{ name: 'APIError', message: 'slow down', statusCode: 429, isRetryable: true }, 'UPSTREAM_ERROR', true],
    [{ name: 'APIError', message: 'Connection reset by server', isRetryable: true }, 'UPSTREAM_ERROR', true],
    [{ name: 'APIError', message: 'bad key', statusCode: 401, isRetryable: false }, 'AGENT_EXECUTION_FAILED', false],
    [{ name: 'ContextOverflowError', message: 'too long' }, 'AGENT_EXECUTION_FAILED', false],
    [{ name: 'UnknownError', message: 'who knows' }, 'AGENT_EXECUTION_FAILED', true],
  ])('ends as %o with %s, retryable %s', async (error, code, retryable) => {
    await expect(follow(failed(error)).following).rejects.toMatchObject({ code, retryable });
  });

  it('refuses what it is asked to allow: nobody is here to decide', async () => {
    const asking: RunState = {
      kind: 'needs-permission',
      requests: [{ id: 'per_1', sessionID: 's', permission: 'bash', patterns: [], metadata: {}, always: [] }],
    };
    const { following, rejected } = follow({ state: asking, turn: [] }, done);
    await vi.advanceTimersByTimeAsync(1_000);
    await following;
    expect(rejected).toEqual(['per_1']);
  });

  it('bears a few missing answers, but not for ever', async () => {
    const missing = new OpenCodeError('no answer', undefined);
    const patient = follow(missing, missing, done);
    await vi.advanceTimersByTimeAsync(5_000);
    await expect(patient.following).resolves.toHaveLength(1);
    const lost = follow(missing);
    await vi.advanceTimersByTimeAsync(20_000);
    await expect(lost.following).rejects.toMatchObject({ code: 'AGENT_EXECUTION_FAILED', retryable: true });
  });

  it('ends at once when it is interrupted', async () => {
    const { following, stop } = follow(busy);
    await vi.advanceTimersByTimeAsync(300);
    stop.abort(new Error('cancelled'));
    await expect(following).rejects.toThrow('cancelled');
  });
});
