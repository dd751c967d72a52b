import { describe, expect, it } from 'vitest';
import { beginAttempt } from '#domain/session/begin-attempt';
import { cancelSession } from '#domain/session/cancel-session';
import { createSession, MAX_DEPTH, type NewSession } from '#domain/session/create-session';
import { recordOutcome } from '#domain/session/record-outcome';
import { startSession } from '#domain/session/start-session';
import { aSession, NOON } from '#test/support/a-session';

const place = { adjustedMs: 5, ticket: 'T', since: NOON };
const person = { kind: 'user', id: 'USER' } as const;
const fields = (): NewSession => {
  const session = aSession();
  const { tenantId, id, title, sessionType, priority, tags, requiredCapabilities, maxDurationSeconds, createdBy } =
    session;
  return {
    tenantId,
    id,
    title,
    description: undefined,
    sessionType,
    priority,
    tags,
    modelIdentifier: undefined,
    requiredCapabilities,
    maxDurationSeconds,
    queueTtlSeconds: session.queueTtlSeconds,
    autoRetry: session.autoRetry,
    createdBy,
  };
};

describe('the life of a session', () => {
  it('begins pending, in version 1, with itself as its root', () => {
    const { before, after, events } = createSession(fields(), undefined, NOON);
    expect(before).toBeNull();
    expect(after).toMatchObject({
      status: 'pending',
      version: 1,
      rootId: 'SESSION',
      depth: 0,
      run: 0,
      attempt: 1,
      maxAttempts: 3,
    });
    expect(events).toMatchObject([{ stream: 'session:SESSION', seq: 1, type: 'session.created', timestamp: NOON }]);
    expect(events[0]?.payload).not.toHaveProperty('parent_id');
  });

  it('stands below its parent and under the same root', () => {
    const { after, events } = createSession(fields(), aSession({ id: 'PARENT', rootId: 'ROOT', depth: 2 }), NOON);
    expect(after).toMatchObject({ parentId: 'PARENT', rootId: 'ROOT', depth: 3 });
    expect(events[0]?.payload).toMatchObject({ parent_id: 'PARENT' });
  });

  it('may be ten levels below its root and not eleven', () => {
    expect(createSession(fields(), aSession({ depth: MAX_DEPTH - 1 }), NOON).after.depth).toBe(10);
    expect(() => createSession(fields(), aSession({ depth: MAX_DEPTH }), NOON)).toThrow('/parent_id');
  });

  it('asks for its first run when it is started', () => {
    const { after, events } = startSession(aSession(), place, person, NOON);
    expect(after).toMatchObject({ status: 'queued', run: 1, queuePlace: place, version: 2 });
    expect(events[0]?.internal).toEqual({ consumers: ['start-execution'], run: { sessionId: 'SESSION', number: 1 } });
  });

  it('keeps the time of its first start over later attempts', () => {
    const later = '2026-05-04T13:00:00.000Z';
    const first = beginAttempt(aSession({ status: 'queued', run: 1 }), NOON);
    expect(first.change.after).toMatchObject({ status: 'running', startedAt: NOON });
    expect(first.attempt).toMatchObject({ attempt: 1, run: 1, startedAt: NOON, automatic: false });
    const again = beginAttempt({ ...first.change.after, status: 'queued', run: 2 }, later);
    expect(again.change.after.startedAt).toBe(NOON);
  });

  it('adds up the time it waited for a slot, over all its runs', () => {
    const at = (minute: number) => `2026-05-04T12:0${minute}:00.000Z`;
    const waiting = { ...place, since: NOON };
    const first = beginAttempt(aSession({ status: 'queued', run: 1, queuePlace: waiting }), at(2)).change.after;
    expect(first.queuedSeconds).toBe(120);
    const again = { ...first, status: 'queued' as const, run: 2, queuePlace: { ...place, since: at(3) } };
    expect(beginAttempt(again, at(8)).change.after.queuedSeconds).toBe(420);
  });

  it('asks to stop its execution when a person cancels it, and wakes whoever got its slot', () => {
    const session = aSession({ status: 'running', run: 2 });
    const { after, events } = cancelSession(session, {
      actor: person,
      detail: 'not needed',
      at: NOON,
      wake: ['OTHER'],
    });
    expect(after).toMatchObject({ status: 'cancelled', statusReason: 'requested', statusDetail: 'not needed' });
    expect(events[0]?.internal).toEqual({
      consumers: ['stop-execution', 'wake'],
      run: { sessionId: 'SESSION', number: 2 },
      wake: ['OTHER'],
    });
  });

  it('has nothing to stop when it was never started', () => {
    expect(cancelSession(aSession(), { actor: person, at: NOON }).events[0]?.internal).toEqual({ consumers: [] });
  });

  const running = aSession({ status: 'running', run: 1, version: 3 });
  const context = { at: NOON, wake: [], activeSeconds: 12.5, summary: 'Done.' };

  it('announces its completion right after the change of its status', () => {
    const { after, events } = recordOutcome(
      running,
      { status: 'completed', reason: 'agent_result', successRate: 1 },
      { ...context, wake: ['NEXT'] },
    );
    expect(after).toMatchObject({ version: 5, successRate: 1, successSource: 'verification' });
    expect(events.map(({ seq, type }) => `${seq} ${type}`)).toEqual([
      '4 session.status_changed',
      '5 session.completed',
    ]);
    expect(events[0]?.internal).toEqual({ consumers: ['wake'], wake: ['NEXT'] });
    expect(events[1]?.payload).toEqual({
      session_id: 'SESSION',
      attempt: 1,
      success_rate: 1,
      execution_duration_seconds: 12.5,
      partial: false,
      summary: 'Done.',
    });
  });

  it('says that it is partial, and leaves out a rate that is not known', () => {
    const { after, events } = recordOutcome(
      running,
      { status: 'partially_completed', reason: 'agent_result' },
      { at: NOON, wake: [], activeSeconds: 1 },
    );
    expect(after).not.toHaveProperty('successRate', 1);
    expect(after.successSource).toBeUndefined();
    expect(events[1]?.payload).toEqual({
      session_id: 'SESSION',
      attempt: 1,
      execution_duration_seconds: 1,
      partial: true,
    });
  });

  it('announces a failure that nobody explained as one that is not worth a repeat', () => {
    const { after, events } = recordOutcome(running, { status: 'failed', reason: 'agent_result' }, context);
    expect(after.error).toBeUndefined();
    expect(events[1]?.payload).toMatchObject({ attempt: 1, retryable: false });
  });

  it.each(['failed', 'timeout'] as const)('announces why it is %s', (status) => {
    const error = { type: 'agent', code: 'CODE', message: 'x'.repeat(900), retryable: true } as const;
    const { after, events } = recordOutcome(running, { status, reason: 'agent_result', error }, context);
    expect(after.error).toEqual({ ...error, at: NOON });
    expect(events[1]).toMatchObject({ type: 'session.failed', payload: { error_code: 'CODE', retryable: true } });
    expect(events[1]?.payload['error_message']).toHaveLength(500);
  });

  it.each(['stopped', 'cancelled', 'orphaned'] as const)('needs one event only when it is %s', (status) => {
    expect(recordOutcome(running, { status, reason: 'agent_result' }, context).events).toHaveLength(1);
  });
});
