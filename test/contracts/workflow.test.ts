import { describe, expect, it } from 'vitest';
import { EndedExecution } from '#contracts/workflow';

const event = (fields: object) => ({
  'detail-type': 'Step Functions Execution Status Change',
  detail: { status: 'ABORTED', input: '{"tenant_id":"T","session_id":"S","run":2}', name: 'T-S-2', ...fields },
});

describe('the event of an execution that ended red', () => {
  it.each(['FAILED', 'TIMED_OUT', 'ABORTED'])('says whose run it was when it is %s', (status) => {
    expect(EndedExecution.parse(event({ status })).detail).toEqual({
      status,
      input: { tenant_id: 'T', session_id: 'S', run: 2 },
    });
  });

  it.each([
    ['of another status', { status: 'SUCCEEDED' }],
    ['with an input that is not JSON', { input: 'T-S-2' }],
    ['of an execution that drives no session', { input: '{}' }],
  ])('is refused %s', (_, fields) => {
    expect(EndedExecution.safeParse(event(fields)).success).toBe(false);
  });
});
