import { describe, expect, it } from 'vitest';
import { NotFound } from '#domain/errors';
import { aResult } from '#test/support/a-work-item';
import { aWorld, person } from '#test/support/world';

describe('judging an outcome', () => {
  it('judges without the workspace that a session may not have', async () => {
    const { working, submit, judgeOutcome } = await aWorld();
    const { session, granted } = await working();
    await submit(granted);
    expect(await judgeOutcome({ sessionId: session.id, run: 1 })).toBe('completed');
  });

  it('is open until the work has ended', async () => {
    const { create, beginAttempt, awaitAgent, judgeOutcome } = await aWorld();
    const { id } = await create({ start: true });
    await beginAttempt({ sessionId: id, run: 1 });
    expect(await judgeOutcome({ sessionId: id, run: 1 })).toBe('open');
    await awaitAgent({ sessionId: id, run: 1, taskToken: 'token' });
    expect(await judgeOutcome({ sessionId: id, run: 1 })).toBe('open');
  });

  it('is left to whoever ended the session, or to the run that drives it', async () => {
    const { working, submit, judgeOutcome, cancelSession } = await aWorld();
    const { session, granted } = await working();
    await submit(granted);
    const step = { sessionId: session.id, run: 1 };
    expect(await judgeOutcome({ ...step, run: 2 })).toBe('superseded');
    await cancelSession({ sessionId: session.id, actor: person });
    expect(await judgeOutcome(step)).toBe('cancelled');
  });

  it('twice answers the same and changes nothing', async () => {
    const { working, submit, judgeOutcome, everything } = await aWorld();
    const { session, granted } = await working();
    await submit(granted, { result: aResult({ status: 'timeout' }) });
    const before = everything();
    const step = { sessionId: session.id, run: 1 };
    expect([await judgeOutcome(step), await judgeOutcome(step)]).toEqual(['timeout', 'timeout']);
    expect(everything()).toEqual(before);
  });

  it('of another tenant finds none', async () => {
    const { running, addTenant } = await aWorld();
    const { id } = await running();
    const other = await addTenant('B');
    await expect(other.judgeOutcome({ sessionId: id, run: 1 })).rejects.toThrow(NotFound);
  });
});
