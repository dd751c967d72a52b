import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, type SessionFilter } from '#domain/session/filter';
import { aSession } from '#test/support/a-session';

const PARENT = 'PARENT';
const session = aSession({
  title: 'Greet Ada',
  description: 'With a Test.',
  status: 'running',
  sessionType: 'review',
  priority: 'high',
  parentId: PARENT,
  tags: ['greeting', 'v2'],
  createdBy: 'ADA',
  createdAt: '2026-05-04T12:00:00.000Z',
});

/** Filters that admit the session, and filters that do not. */
const YES: Omit<SessionFilter, 'includeDeleted'>[] = [
  { statuses: ['queued', 'running'] },
  { sessionTypes: ['review'] },
  { priorities: ['critical', 'high'] },
  { createdBy: ['GRACE', 'ADA'] },
  { parentIds: ['none', PARENT] },
  { tags: ['v2', 'greeting'] },
  { tags: [] },
  { search: 'greet' },
  { search: 'A TEST' },
  { createdFrom: '2026-05-04T12:00:00.000Z' },
  { createdTo: '2026-05-04T12:00:00.001Z' },
];
const NO: Omit<SessionFilter, 'includeDeleted'>[] = [
  { statuses: ['queued'] },
  { statuses: [] },
  { sessionTypes: ['execution'] },
  { priorities: ['critical'] },
  { createdBy: ['ada'] },
  { parentIds: ['none'] },
  { tags: ['v2', 'V2'] },
  { search: 'greets' },
  { search: 'Ada With' },
  { createdFrom: '2026-05-04T12:00:00.001Z' },
  { createdTo: '2026-05-04T12:00:00.000Z' },
];
const given = (...filters: object[]): SessionFilter => Object.assign({ includeDeleted: false }, ...filters);

describe('a filter of sessions', () => {
  it.each(YES)('%j admits', (filter) => {
    expect(matches(session, given(filter))).toBe(true);
  });

  it.each(NO)('%j does not', (filter) => {
    expect(matches(session, given(filter))).toBe(false);
  });

  it('admits what all of its parts admit, and nothing else', () => {
    const part = fc.constantFrom(
      ...YES.map((filter) => [filter, true] as const),
      ...NO.map((f) => [f, false] as const),
    );
    fc.assert(
      fc.property(fc.uniqueArray(part, { selector: ([filter]) => Object.keys(filter)[0] }), (parts) => {
        const expected = parts.every(([, admits]) => admits);
        expect(matches(session, given(...parts.map(([filter]) => filter)))).toBe(expected);
      }),
    );
  });

  it('finds nothing in a description that is not there', () => {
    expect(matches(aSession({ title: 'x' }), given({ search: 'undefined' }))).toBe(false);
  });

  it('knows sessions without a parent', () => {
    expect(matches(aSession(), given({ parentIds: ['none'] }))).toBe(true);
    expect(matches(aSession(), given({ parentIds: [PARENT] }))).toBe(false);
  });

  it('admits deleted sessions only when it is to', () => {
    const deleted = { ...session, deletedAt: '2026-05-04T13:00:00.000Z' };
    expect(matches(deleted, given())).toBe(false);
    expect(matches(deleted, given({ includeDeleted: true }))).toBe(true);
    expect(matches(deleted, given({ includeDeleted: true, tags: ['other'] }))).toBe(false);
  });
});
