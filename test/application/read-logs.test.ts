import { describe, expect, it } from 'vitest';
import { makeReadLogs } from '#application/read-logs';
import { LOG_LEVELS } from '#domain/assignment/work-event';
import { NotFound } from '#domain/errors';
import { NOON } from '#test/support/a-session';
import { aWorld } from '#test/support/world';

/** A session whose log has one line of each level, from the agent and from git in turn. */
const logged = async () => {
  const world = await aWorld();
  const { session, granted } = await world.working();
  const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
  const events = LOG_LEVELS.map(
    (level, index) =>
      ({
        type: 'log',
        eventSeq: index + 1,
        timestamp: NOON,
        level,
        message: level,
        source: index % 2 === 0 ? 'agent' : 'git',
      }) as const,
  );
  await world.reportEvents({ assignmentId, agentId, fencingToken, events });
  const read = async (query: object = {}) => {
    const page = await makeReadLogs(world)({ sessionId: session.id, afterLogSeq: 0, limit: 10, ...query });
    return { lines: page.items.map(({ message }) => message), next: page.next };
  };
  return { ...world, session, read };
};

describe('reading a log', () => {
  it('answers the lines of the newest attempt, or of the one asked for', async () => {
    const { read } = await logged();
    expect(await read()).toEqual({ lines: ['debug', 'info', 'warning', 'error'], next: undefined });
    expect((await read({ attempt: 1, afterLogSeq: 3 })).lines).toEqual(['error']);
    expect((await read({ attempt: 2 })).lines).toEqual([]);
  });

  it('of a level answers it and those above it', async () => {
    const { read } = await logged();
    expect((await read({ level: 'warning' })).lines).toEqual(['warning', 'error']);
  });

  it('of a source answers only that one', async () => {
    const { read } = await logged();
    expect((await read({ source: 'git' })).lines).toEqual(['info', 'error']);
    expect((await read({ source: 'git', level: 'error' })).lines).toEqual(['error']);
  });

  it('goes on behind a page of which no line matched', async () => {
    const { read } = await logged();
    expect(await read({ limit: 2, level: 'error' })).toEqual({ lines: [], next: '2' });
    expect((await read({ limit: 2, level: 'error', afterLogSeq: 2 })).lines).toEqual(['error']);
  });

  it('of another tenant finds none', async () => {
    const { session, addTenant } = await logged();
    const other = makeReadLogs(await addTenant('B'));
    await expect(other({ sessionId: session.id, afterLogSeq: 0, limit: 1 })).rejects.toThrow(NotFound);
  });
});
