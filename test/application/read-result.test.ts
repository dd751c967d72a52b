import { describe, expect, it } from 'vitest';
import { makeReadResult } from '#application/read-result';
import { NotFound } from '#domain/errors';
import { noUsage } from '#domain/session/live';
import { aWorkspace } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';
import { aWorld } from '#test/support/world';

const command = (name: string) => ({ name, run: 'true', timeoutSeconds: 1, weight: 2 });

describe('reading a result', () => {
  it('before there is one tells what was reported so far', async () => {
    const { working, reportEvents, store } = await aWorld();
    const { session, granted } = await working();
    const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
    const usage = { ...noUsage, apiCalls: 3 };
    const metrics = { type: 'metrics', eventSeq: 1, timestamp: session.createdAt, usage } as const;
    await reportEvents({ assignmentId, agentId, fencingToken, events: [metrics] });
    const read = makeReadResult({ store });
    expect(await read({ sessionId: session.id })).toMatchObject({
      attempt: 1,
      final: false,
      usage: { apiCalls: 3 },
      verification: [],
    });
    expect(await read({ sessionId: session.id, attempt: 7 })).toMatchObject({ attempt: 7, usage: noUsage });
  });

  it('tells every command that was asked for, also one that was not reported', async () => {
    const { working, submit, recordOutcome, store } = await aWorld();
    const workspace = aWorkspace({ verify: [command('tests'), command('lint')] });
    const { session, granted } = await working({ input: { workspace } });
    const verification = [{ name: 'tests', exitCode: 0, durationMs: 12, output: 'ok' }];
    await submit(granted, { result: aResult({ summary: 'Done.', verification, agentMs: 5, verifyMs: 12 }) });
    await recordOutcome({ sessionId: session.id, run: 1 });
    expect(await makeReadResult({ store })({ sessionId: session.id })).toMatchObject({
      final: true,
      summary: 'Done.',
      usage: { agentMs: 5, verifyMs: 12 },
      verification: [
        { name: 'tests', passed: true, exitCode: 0, durationMs: 12, output: 'ok', weight: 2 },
        { name: 'lint', passed: false, exitCode: null, durationMs: 0, output: '' },
      ],
    });
  });

  it('of a session that never began has no usage', async () => {
    const { create, store } = await aWorld();
    const { id } = await create();
    expect(await makeReadResult({ store })({ sessionId: id })).toMatchObject({ final: false, usage: noUsage });
  });

  it('of an earlier attempt is final while the newest one runs', async () => {
    const { working, store } = await aWorld();
    const { session } = await working();
    const next = { ...session, attempt: 2, version: session.version + 1 };
    await store.commit([{ kind: 'session', before: session, after: next }]);
    const read = makeReadResult({ store });
    expect(await read({ sessionId: session.id, attempt: 1 })).toMatchObject({ final: true });
    expect(await read({ sessionId: session.id })).toMatchObject({ attempt: 2, final: false, usage: noUsage });
  });

  it('of another tenant finds none', async () => {
    const { create, addTenant } = await aWorld();
    const { id } = await create();
    await expect(makeReadResult(await addTenant('B'))({ sessionId: id })).rejects.toThrow(NotFound);
  });
});
