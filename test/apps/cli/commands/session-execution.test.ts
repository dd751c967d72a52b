import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ExecutionLog, RecordedExecution } from '#apps/cli/executions/execution-log';
import type { Session } from '#contracts/session';
import { aSessionAnswer, cliWorld, sessionId } from '#test/apps/cli/cli-world';

const tenantId = '01JD8X5YB2M0Q4V6T8W1Z3C5E8';
const at = (second: number) => `2026-05-01T12:00:${String(second).padStart(2, '0')}.000Z`;

beforeEach(() => void vi.stubEnv('TZ', 'UTC'));
afterEach(() => vi.unstubAllEnvs());

let world: Awaited<ReturnType<typeof cliWorld>> | undefined;
afterEach(() => world?.api.close());

const events = [
  { type: 'PassStateEntered', at: at(1), state: 'Accept Session' },
  { type: 'PassStateExited', at: at(1), state: 'Accept Session' },
  { type: 'TaskStateEntered', at: at(1), state: 'Claim Slot' },
  { type: 'TaskScheduled', at: at(1) },
  { type: 'TaskFailed', at: at(2), error: 'Lambda.Unknown' },
  { type: 'TaskScheduled', at: at(3) },
];

/** A session whose runs are the executions given, the last one the newest. */
const open = async (runs: Partial<RecordedExecution>[], session: Partial<Session> = {}) => {
  const names = runs.map((_, index) => `${tenantId}-${sessionId}-${index + 1}`);
  const asked: unknown[] = [];
  const log: ExecutionLog = {
    newest: async (prefix, since) => {
      asked.push([prefix, since]);
      return names.at(-1);
    },
    read: async (name) => {
      const index = names.indexOf(name);
      return index < 0 ? undefined : { name, status: 'RUNNING', startedAt: at(0), events, ...runs[index] };
    },
  };
  world = await cliWorld(() => ({ body: aSessionAnswer(session) }), '', log);
  return { ...world, asked };
};

it('shows the states that the newest run has passed, and where it stands', async () => {
  const { iorch, out, err, asked } = await open([{}]);
  expect(await iorch('session', 'execution', sessionId)).toBe(0);
  expect(out().split('\n')).toEqual([
    `execution  ${tenantId}-${sessionId}-1`,
    'status     running',
    'stands in  Claim Slot',
    `started    ${at(0)}`,
    '',
    'STATE           ENTERED            TIME  TRIES  FAILED WITH',
    'Accept Session  12:00:01           0 ms      1',
    'Claim Slot      12:00:01  29.0 s so far      2  Lambda.Unknown',
  ]);
  expect(err()).toBe('');
  expect(asked).toEqual([[`${tenantId}-${sessionId}-`, Date.parse('2026-05-01T11:59:00.000Z')]]);
});

it('tells how a run ended, and that there are earlier ones', async () => {
  const end = { status: 'TIMED_OUT', endedAt: at(9), error: 'SESSION_TIMEOUT', cause: 'the working time is used up' };
  const { iorch, out, err } = await open([{}, end]);
  expect(await iorch('session', 'execution', sessionId)).toBe(0);
  expect(out()).toContain('status     timed out\n');
  expect(out()).toContain(`ended      ${at(9)}\nerror      SESSION_TIMEOUT\ncause      the working time is used up\n`);
  expect(out()).not.toContain('stands in');
  expect(out()).toMatch(/Claim Slot +12:00:01 +8\.0 s +2/);
  expect(err()).toBe(`earlier runs: iorch session execution ${sessionId} --run 1`);
});

it('shows an earlier run', async () => {
  const { iorch, out, asked } = await open([{}, {}]);
  expect(await iorch('session', 'execution', sessionId, '--run', '1')).toBe(0);
  expect(out()).toContain(`execution  ${tenantId}-${sessionId}-1\n`);
  expect(asked).toEqual([]);
});

it('prints it for programs', async () => {
  const { iorch, out } = await open([{}]);
  expect(await iorch('session', 'execution', sessionId, '--json')).toBe(0);
  expect(JSON.parse(out())).toEqual({
    session_id: sessionId,
    run: 1,
    execution: `${tenantId}-${sessionId}-1`,
    status: 'RUNNING',
    started_at: at(0),
    states: [
      { state: 'Accept Session', entered_at: at(1), left_at: at(1), duration_ms: 0, tries: 1, errors: [] },
      { state: 'Claim Slot', entered_at: at(1), tries: 2, errors: ['Lambda.Unknown'] },
    ],
  });
});

it.each([
  ['that was not started', [], { status: 'pending' }, [], 'was not started'],
  ['whose execution is forgotten', [], { status: 'completed' }, [], '90 days'],
  ['without such a run', [{}], {}, ['--run', '7'], 'no execution of run 7'],
] as const)('refuses a session %s with the reason', async (_, runs, session, options, expected) => {
  const { iorch, err } = await open([...runs], session);
  expect(await iorch('session', 'execution', sessionId, ...options)).toBe(2);
  expect(err()).toContain(expected);
});

it('refuses a run that is no number', async () => {
  const { iorch, api } = await open([]);
  expect(await iorch('session', 'execution', sessionId, '--run', 'last')).toBe(2);
  expect(api.seen).toEqual([]);
});
