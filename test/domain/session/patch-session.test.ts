import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '#domain/errors';
import { OperationNotAllowed } from '#domain/session/operation-not-allowed';
import { type PatchField, patchSession, type SessionPatch, touchesInput } from '#domain/session/patch-session';
import type { Session, SessionInput } from '#domain/session/session';
import { SESSION_STATUSES, type SessionStatus } from '#domain/session/status';
import { aSession, aSessionInput, aWorkspace, NOON } from '#test/support/a-session';

const LATER = '2026-05-04T12:10:00.000Z';
const patch = (
  wanted: SessionPatch,
  session: Partial<Session> = {},
  { input, usedSeconds = 0 }: { input?: Partial<SessionInput>; usedSeconds?: number } = {},
) => patchSession({ session: aSession(session), input: aSessionInput(input) }, wanted, { at: LATER, usedSeconds });

/** A value of each field that differs from the one of `aSession` and `aSessionInput`. */
const NEW: Required<SessionPatch> = {
  title: 'Greet Ada',
  description: 'With a test.',
  tags: ['greeting'],
  metadata: { ticket: 7 },
  priority: 'high',
  prompt: 'Greet her.',
  workspace: aWorkspace(),
  agentConfig: { default_agent: 'X' },
  modelIdentifier: 'demo/other',
  requiredCapabilities: ['testing'],
  cpuLimit: 2,
  memoryLimitMb: 512,
  maxDurationSeconds: 7200,
  queueTtlSeconds: 60,
  autoRetry: 'never',
};
const FIELDS = Object.keys(NEW) as PatchField[];

/** The table of what may be changed when, written down a second time. */
const OPEN = 'pending queued running paused degraded failed timeout stopped orphaned partially_completed';
const IDLE = 'pending queued paused failed timeout stopped orphaned partially_completed';
const ANY = `${OPEN} completed cancelled`;
const ALLOWED: Readonly<Record<PatchField, string>> = {
  title: ANY,
  description: ANY,
  tags: ANY,
  metadata: ANY,
  priority: OPEN,
  maxDurationSeconds: OPEN,
  queueTtlSeconds: OPEN,
  autoRetry: OPEN,
  prompt: 'pending',
  workspace: 'pending',
  agentConfig: IDLE,
  modelIdentifier: IDLE,
  requiredCapabilities: IDLE,
  cpuLimit: IDLE,
  memoryLimitMb: IDLE,
};
const isAllowed = (field: PatchField, status: SessionStatus) => ALLOWED[field].split(' ').includes(status);
const pairs = FIELDS.flatMap((field) => SESSION_STATUSES.map((status) => ({ field, status })));

describe('a change of a session', () => {
  it.each(pairs.filter(({ field, status }) => isAllowed(field, status)))(
    'of $field is applied in $status, with one event that names it',
    ({ field, status }) => {
      const patched = patch({ [field]: NEW[field] }, { status, version: 4 });
      expect({ ...patched?.change.after, ...patched?.input }).toMatchObject({ [field]: NEW[field], version: 5 });
      const changed = [field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
      expect(patched?.change.events).toMatchObject([
        { seq: 5, type: 'session.updated', timestamp: LATER, payload: { session_id: 'SESSION', changed } },
      ]);
      expect(patched?.change.after).toMatchObject({ status, updatedAt: LATER, statusUpdatedAt: NOON });
    },
  );

  it.each(pairs.filter(({ field, status }) => !isAllowed(field, status)))(
    'of $field is refused in $status, and with it all others',
    ({ field, status }) => {
      const attempt = () => patch({ title: 'Other', [field]: NEW[field] }, { status });
      expect(attempt).toThrow(OperationNotAllowed);
      expect(attempt).toThrow(`a ${status} session keeps its `);
    },
  );

  it('of the prompt is refused once an attempt was made', () => {
    expect(() => patch({ prompt: 'Again.' }, { attempt: 2 })).toThrow('a pending session keeps its prompt');
  });

  it('to what it is already is none, whatever the fields and their order', () => {
    fc.assert(
      fc.property(fc.subarray(FIELDS), (fields) => {
        const session = aSession({ ...NEW, requiredCapabilities: ['testing'] } as Partial<Session>);
        const input = aSessionInput(NEW as Partial<SessionInput>);
        const same = structuredClone(Object.fromEntries(fields.map((field) => [field, NEW[field]])));
        expect(patchSession({ session, input }, same, { at: LATER, usedSeconds: 0 })).toBeUndefined();
      }),
    );
  });

  it('names exactly the fields that differ and leaves all others', () => {
    fc.assert(
      fc.property(fc.subarray(FIELDS, { minLength: 1 }), fc.subarray(FIELDS), (different, same) => {
        const [session, input] = [aSession(), aSessionInput()];
        const before: Record<string, unknown> = { ...session, ...input };
        const wanted = Object.fromEntries([
          ...same.map((field) => [field, before[field]]),
          ...different.map((field) => [field, NEW[field]]),
        ]);
        const patched = patchSession({ session, input }, wanted, { at: LATER, usedSeconds: 0 });
        expect(patched?.changed.toSorted()).toEqual(different.toSorted());
        const after: Record<string, unknown> = { ...patched?.change.after, ...patched?.input };
        for (const field of FIELDS) {
          expect(after[field]).toEqual(different.includes(field) ? NEW[field] : before[field]);
        }
      }),
    );
  });

  it('to null clears: back to the default, or gone', () => {
    const fields = {
      priority: 'high',
      queueTtlSeconds: 60,
      autoRetry: 'never',
      maxDurationSeconds: 60,
      tags: ['a'],
      requiredCapabilities: ['testing'],
    } as const;
    const input = {
      agentConfig: { a: 1 },
      metadata: { a: 1 },
      workspace: aWorkspace(),
      cpuLimit: 1,
      memoryLimitMb: 200,
    };
    const cleared = Object.fromEntries(
      [...Object.keys(fields), ...Object.keys(input), 'description', 'modelIdentifier'].map((field) => [field, null]),
    );
    const patched = patch(cleared, { ...fields, description: 'x', modelIdentifier: 'a/b' }, { input });
    expect(patched?.change.after).toMatchObject({
      priority: 'medium',
      maxDurationSeconds: 3600,
      queueTtlSeconds: 86_400,
      autoRetry: 'transient',
      tags: [],
      requiredCapabilities: [],
      description: undefined,
      modelIdentifier: undefined,
    });
    expect(patched?.input).toEqual({ prompt: 'Do nothing.', agentConfig: {}, metadata: {} });
    expect(patch({ description: null, tags: null })).toBeUndefined();
  });

  it('of the priority re-computes the place in the queue from the same moment', () => {
    const queuePlace = { adjustedMs: Date.parse(NOON) + 1_800_000, ticket: 'T', since: NOON };
    const queued = { status: 'queued', priority: 'low', queuePlace } as const;
    expect(patch({ priority: 'critical' }, queued)?.change.after.queuePlace).toEqual({
      ...queuePlace,
      adjustedMs: Date.parse('2026-05-04T11:00:00.000Z'),
    });
    expect(patch({ title: 'Other' }, queued)?.change.after.queuePlace).toEqual(queuePlace);
    const running = { ...queued, status: 'running' } as const;
    expect(patch({ priority: 'critical' }, running)?.change.after.queuePlace).toEqual(queuePlace);
    expect(patch({ priority: 'critical' })?.change.after.queuePlace).toBeUndefined();
  });

  it.each(['running', 'paused', 'degraded'] as const)(
    'of the longest working time must leave some when the session is %s',
    (status) => {
      const to = (maxDurationSeconds: number) => patch({ maxDurationSeconds }, { status }, { usedSeconds: 200 });
      expect(() => to(100)).toThrow(InvalidInput);
      expect(() => to(200)).toThrow('/max_duration_seconds: must be more than the 200 seconds already worked');
      expect(to(201)?.change.after.maxDurationSeconds).toBe(201);
    },
  );

  it('of the longest working time after an end is not compared with that attempt', () => {
    const failed = patch({ maxDurationSeconds: 100 }, { status: 'failed' }, { usedSeconds: 200 });
    expect(failed?.change.after.maxDurationSeconds).toBe(100);
  });

  it('tells whether what the client sent is among it', () => {
    const touches = (wanted: SessionPatch) => {
      const patched = patch(wanted);
      return patched && touchesInput(patched);
    };
    expect(touches({ title: 'Other' })).toBe(false);
    expect(touches({ title: 'Other', prompt: 'Other.' })).toBe(true);
  });
});
