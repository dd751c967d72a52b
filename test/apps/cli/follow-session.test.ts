import { afterEach, describe, expect, it } from 'vitest';
import type { Session } from '#contracts/session';
import { aProblem, type Responder } from '#test/support/fake-api';
import { aDiffAnswer, aResultAnswer, aSessionAnswer, cliWorld, sessionId } from './cli-world.ts';

let world: Awaited<ReturnType<typeof cliWorld>> | undefined;
afterEach(() => world?.api.close());

const path = `/api/v1/sessions/${sessionId}`;
const event = (seq: number, old_status: string, new_status: string) => ({
  type: 'session.status_changed',
  payload: { old_status, new_status },
  timestamp: `2026-05-01T12:00:0${seq}.000Z`,
  seq,
  stream: 's',
  room: 'r',
  tenant_id: 't',
  event_id: `e${seq}`,
});
const line = (log_seq: number, message: string) => ({
  log_seq,
  level: 'info',
  source: 'agent',
  message,
  logged_at: `2026-05-01T12:00:0${log_seq}.500Z`,
});

/** An API whose session is one step further at every look, with the events and lines of that moment. */
const living = (...steps: readonly Step[]): Responder => {
  let looks = 0;
  const now = () => steps[Math.min(looks, steps.length) - 1] as Step;
  return ({ path: asked, query }) => {
    if (asked === path) {
      looks += 1;
      return now().refusal ?? { body: aSessionAnswer(now().session) };
    }
    const known = steps.slice(0, looks);
    if (asked === `${path}/events`) {
      const items = known.flatMap(({ events = [] }) => events).filter(({ seq }) => seq > Number(query['after_seq']));
      return { body: { items } };
    }
    if (asked === `${path}/logs`) {
      const items = known
        .filter(({ session }) => String(session?.attempt ?? 1) === query['attempt'])
        .flatMap(({ lines = [] }) => lines)
        .filter(({ log_seq }) => log_seq > Number(query['after']));
      return { body: { items } };
    }
    if (asked === `${path}/result`) return { body: aResultAnswer(now().result) };
    if (asked === `${path}/diff`) return { body: aDiffAnswer() };
    return;
  };
};

interface Step {
  readonly session?: Partial<Session>;
  readonly events?: readonly ReturnType<typeof event>[];
  readonly lines?: readonly ReturnType<typeof line>[];
  readonly result?: Parameters<typeof aResultAnswer>[0];
  readonly refusal?: { status: number; body: unknown };
}

const ended = (status: Session['status'], overrides: Partial<Session> = {}): Partial<Session> => ({
  status,
  version: 5,
  ended_at: '2026-05-01T12:00:09.000Z',
  active_seconds: 4.2,
  ...overrides,
});

const follow = async (steps: readonly Step[], ...args: string[]) => {
  world = await cliWorld(living(...steps));
  const code = await world.iorch('session', 'logs', sessionId, '--follow', ...args);
  return { code, out: world.out(), err: world.err(), seen: world.api.seen };
};

const completed: Step[] = [
  { session: { version: 2 }, events: [event(1, 'pending', 'queued')] },
  {
    session: { status: 'running', version: 3 },
    events: [event(3, 'queued', 'running')],
    lines: [line(3, 'one'), line(4, 'two')],
  },
  { session: { status: 'running', version: 3 } },
  {
    session: ended('completed', { success_rate: 1 }),
    events: [event(5, 'running', 'completed')],
    lines: [line(5, 'three')],
  },
];

describe('following a session', () => {
  it('tells every status change and log line once, in order, then the result', async () => {
    const { code, out } = await follow(completed);
    expect(code).toBe(0);
    const told = out.split('\n').map((text) => text.replace(/^\d\d:\d\d:\d\d {2}/, ''));
    expect(told.slice(0, 7)).toEqual([
      `session ${sessionId}`,
      'status     pending → queued',
      'status     queued → running',
      'agent      one',
      'agent      two',
      'status     running → completed',
      'agent      three',
    ]);
    expect(out).toContain('✔ completed after 4.2 s of work, success rate 100 %');
    expect(out).toMatch(/npm test {6}passed {2}1\.2 s/);
    expect(out).toContain(' src/hello.js (added) | 3 +++');
    expect(out).toMatch(new RegExp(`branch +iorch/${sessionId} \\(kept in the runner's cache`));
    expect(out).toContain('demo/scripted (scripted: no model was asked)');
    expect(out).toContain('1,280 tokens');
  });

  it('reads no events while nothing is recorded', async () => {
    const { seen } = await follow(completed);
    expect(seen.filter((request) => request.path === `${path}/events`).map(({ query }) => query['after_seq'])).toEqual([
      '0',
      '1',
      '3',
    ]);
  });

  it.each(['failed', 'timeout', 'stopped', 'cancelled', 'orphaned'] as const)(
    'ends with 1 when it is %s',
    async (status) => {
      expect(await follow([{ session: ended(status) }])).toMatchObject({ code: 1 });
    },
  );

  it('shows why it failed and the end of what the verification printed', async () => {
    const at = '2026-05-01T12:00:09.000Z';
    const error = {
      type: 'verification',
      code: 'VERIFICATION_FAILED',
      message: '1 of 1 failed',
      retryable: true,
      at,
    } as const;
    const failure = {
      name: 'tests',
      passed: false,
      weight: 1,
      exit_code: 2,
      duration_ms: 5,
      output: 'expected 1\nto be 2\n',
    };
    const { out } = await follow([{ session: ended('failed', { error }), result: { verification: [failure] } }]);
    expect(out).toContain('✘ failed after 4.2 s of work\n  VERIFICATION_FAILED: 1 of 1 failed');
    expect(out).toContain('failed (exit 2)');
    expect(out).toContain('tests:\n  expected 1\n  to be 2');
  });

  it('goes on with the lines of the next attempt', async () => {
    const { out } = await follow([
      { session: { status: 'running' }, lines: [line(7, 'first attempt')] },
      { session: ended('completed', { attempt: 2 }), lines: [line(1, 'second attempt')] },
    ]);
    expect(out).toMatch(/first attempt[\s\S]*second attempt/);
  });

  it('outlasts an API that is away for a moment', async () => {
    const away = { refusal: { status: 503, body: aProblem({ status: 503, code: 'TIMEOUT', retryable: true }) } };
    expect(await follow([away, away, { session: ended('completed') }])).toMatchObject({ code: 0 });
  });

  it('gives up on an API that stays away, and on a session that is unknown', async () => {
    const away = { refusal: { status: 503, body: aProblem({ status: 503, code: 'TIMEOUT', retryable: true }) } };
    expect(await follow([away])).toMatchObject({ code: 4 });
    await world?.api.close();
    const unknown = { refusal: { status: 404, body: aProblem({ status: 404, code: 'SESSION_NOT_FOUND' }) } };
    const { code, seen } = await follow([unknown]);
    expect([code, seen.length]).toEqual([2, 1]);
  });

  it('prints one JSON document with --json, and the rest on standard error', async () => {
    const { out, err } = await follow(completed, '--json');
    expect(JSON.parse(out)).toMatchObject({
      session: { status: 'completed' },
      result: { final: true },
      diff: { available: true },
    });
    expect(err).toContain('queued → running');
  });

  it('leaves the session alone when interrupted, and says how to end it', async () => {
    world = await cliWorld(living({ session: { status: 'running' } }));
    world.interrupt.abort();
    expect(await world.iorch('session', 'logs', sessionId, '--follow')).toBe(130);
    expect(world.err()).toContain(`iorch session cancel ${sessionId}`);
    expect(world.api.seen.every(({ method }) => method === 'GET')).toBe(true);
  });
});
