import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headRevision, withChild, withoutChild } from '#domain/session/children';
import { erasureTime, isToErase } from '#domain/session/delete-session';
import { aSession, NOON } from '#test/support/a-session';

describe('children of a session', () => {
  it('are counted, never below none, and each change gives the head another revision', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (changes) => {
        let parent = aSession();
        let count = 0;
        const revisions = new Set([headRevision(parent)]);
        for (const comes of changes) {
          parent = comes ? withChild(parent) : withoutChild(parent);
          count = Math.max(0, count + (comes ? 1 : -1));
          revisions.add(headRevision(parent));
        }
        expect(parent.childCount ?? 0).toBe(count);
        expect(revisions.size).toBe(changes.length + 1);
        expect(parent.version).toBe(1);
      }),
    );
  });
});

describe('a deleted session', () => {
  it('is to be erased 90 days later, to the millisecond', () => {
    expect(erasureTime(NOON)).toBe('2026-08-02T12:00:00.000Z');
    const due = Date.parse(erasureTime(NOON));
    expect(isToErase({ deletedAt: NOON }, due - 1)).toBe(false);
    expect(isToErase({ deletedAt: NOON }, due)).toBe(true);
    expect(isToErase({}, due)).toBe(false);
  });
});
