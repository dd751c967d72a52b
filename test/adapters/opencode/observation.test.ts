import type { AssistantMessage, PermissionRequest } from '@opencode-ai/sdk/v2/client';
import { describe, expect, it } from 'vitest';
import { stateOf, watchForRest } from '#adapters/opencode/observation';
import { modelMessage } from './a-turn.ts';

const request = (messageID: string): PermissionRequest => ({
  ...{ id: 'per_1', sessionID: 'ses_1', permission: 'bash', patterns: ['ls'], metadata: {}, always: [] },
  tool: { messageID, callID: 'call_1' },
});
const busy = { type: 'busy' } as const;
const done = [modelMessage('a1')];
const withError = (name: string, data: object) => [
  modelMessage('a1', { error: { name, data } as NonNullable<AssistantMessage['error']> }),
];

describe('a look at a run', () => {
  it('says running while the session is busy, whatever its messages say', () => {
    expect(stateOf(busy, [], done)).toEqual({ kind: 'running' });
  });

  it('tells attempt and reason of a retry', () => {
    const state = stateOf({ type: 'retry', attempt: 2, message: 'overloaded', next: 99 }, [], []);
    expect(state).toEqual({ kind: 'retrying', attempt: 2, message: 'overloaded', nextAtMs: 99 });
  });

  it("says needs-permission for a request of this run, not for another run's", () => {
    expect(stateOf(busy, [request('a1')], done)).toMatchObject({ kind: 'needs-permission' });
    expect(stateOf(busy, [request('b1')], done)).toEqual({ kind: 'running' });
  });

  it('ignores the request that an abort left behind', () => {
    expect(stateOf(undefined, [request('a1')], withError('MessageAbortedError', { message: 'Aborted' }))).toEqual({
      kind: 'aborted',
    });
  });

  it('says done when the last message is complete', () => {
    expect(stateOf(undefined, [], done)).toEqual({ kind: 'done' });
  });

  it('says failed with what the provider answered, but not with its body', () => {
    const data = { message: 'no credit', statusCode: 402, isRetryable: false, responseBody: 'secret' };
    expect(stateOf(undefined, [], withError('APIError', data))).toEqual({
      kind: 'failed',
      error: { name: 'APIError', message: 'no credit', statusCode: 402, isRetryable: false },
    });
  });

  it('says not-started without messages of the model', () => {
    expect(stateOf(undefined, [], [])).toEqual({ kind: 'not-started' });
  });

  it('says interrupted when the last message is incomplete or waits for its tools', () => {
    expect(stateOf(undefined, [], [modelMessage('a1', { completed: false })])).toEqual({ kind: 'interrupted' });
    expect(stateOf(undefined, [], [modelMessage('a1', { finish: 'tool-calls' })])).toEqual({ kind: 'interrupted' });
  });
});

describe('a run at rest', () => {
  it('is believed at once when it is done, failed or aborted', () => {
    expect(watchForRest(3_000)({ kind: 'done' }, done, 0)).toBe(true);
    expect(watchForRest(3_000)({ kind: 'aborted' }, done, 0)).toBe(true);
    expect(watchForRest(3_000)({ kind: 'running' }, done, 0)).toBe(false);
  });

  it('is believed in a doubtful state only when it still looks the same three seconds later', () => {
    const rests = watchForRest(3_000);
    expect([0, 2_999, 3_000].map((now) => rests({ kind: 'interrupted' }, done, now))).toEqual([false, false, true]);
  });

  it('is doubted anew when anything moved in between', () => {
    const rests = watchForRest(3_000);
    rests({ kind: 'interrupted' }, done, 0);
    rests({ kind: 'running' }, done, 1_000);
    expect(rests({ kind: 'interrupted' }, done, 3_500)).toBe(false);
    expect(rests({ kind: 'interrupted' }, [...done, ...done], 6_600)).toBe(false);
    expect(rests({ kind: 'interrupted' }, [...done, ...done], 9_600)).toBe(true);
  });
});
