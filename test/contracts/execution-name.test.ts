import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executionName, executionPrefix } from '#contracts/execution-name';

const ulid = fc.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
const executions = fc.record({ tenantId: ulid, sessionId: ulid, run: fc.integer({ min: 1, max: 9_999_999 }) });

describe('the name of an execution', () => {
  it('fits Step Functions whatever the ids: at most 80 characters, none that it refuses', () => {
    fc.assert(
      fc.property(executions, (one) => /^[0-9A-Za-z_-]{1,80}$/.test(executionName(one))),
      { seed: 1 },
    );
  });

  it('is that of no other execution', () => {
    const few = fc.record({
      tenantId: fc.constantFrom('0'.repeat(26), '1'.repeat(26)),
      sessionId: fc.constantFrom('0'.repeat(26), '1'.repeat(26)),
      run: fc.integer({ min: 1, max: 20 }),
    });
    const isInjective = fc.property(few, few, (one, other) => {
      expect(executionName(one) === executionName(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    });
    fc.assert(isInjective, { numRuns: 2000, seed: 1 });
  });

  it('begins like that of every run of its session', () => {
    const session = { tenantId: '01T', sessionId: '01S' };
    expect(executionName({ ...session, run: 12 })).toBe(`${executionPrefix(session)}12`);
  });
});
