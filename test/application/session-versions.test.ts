import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Item } from '#adapters/dynamodb/item-engine';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeAddCheckpoint } from '#application/add-checkpoint';
import { makeCancelSession } from '#application/cancel-session';
import type { Granted } from '#application/claim-assignments';
import { makeRecordOutcome } from '#application/record-outcome';
import { makeReportEvents } from '#application/report-events';
import { makeSubmitResult } from '#application/submit-result';
import { makeUpdateSession } from '#application/update-session';
import type { WorkEvent } from '#domain/assignment/work-event';
import { ConcurrentUpdate, DomainError } from '#domain/errors';
import { noUsage } from '#domain/session/live';
import { NOON } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';
import { engineInTurns } from '#test/support/engine-in-turns';
import { entities, recordingTokens } from '#test/support/ports-in-memory';
import { aWorldOn, person, type WorldOn } from '#test/support/world';

const HISTORIES = 1000;

/** What an agent may report. */
const REPORTS = {
  metrics: { type: 'metrics', usage: { ...noUsage, inputTokens: 5 } },
  log: { type: 'log', level: 'info', source: 'agent', message: 'Still here.' },
  progress: { type: 'progress', percent: 50 },
  checkpoint: { type: 'checkpoint', trigger: 'manual', data: {} },
} as const;
type Report = keyof typeof REPORTS;
const isReport = (step: string): step is Report => step in REPORTS;

const STEPS = [...(Object.keys(REPORTS) as Report[]), 'rename', 'check by hand', 'cancel', 'submit'] as const;
type Step = (typeof STEPS)[number];

let world: WorldOn;
let granted: Granted;
let stored: readonly Item[];
beforeAll(async () => {
  const memory = makeMemoryEngine();
  world = await aWorldOn(memory, recordingTokens());
  granted = (await world.working()).granted;
  stored = memory.items();
});

/** The session at work as everybody finds it, and what they may write to it. */
const atWork = async (turn: () => Promise<unknown> = async () => undefined) => {
  const memory = makeMemoryEngine();
  await memory.transact(stored.map((put) => ({ put, condition: { kind: 'any' }, what: 'copy' })));
  const store = makeTenantStore(engineInTurns(memory, turn), 'A');
  const ports = { store, clock: world.clock, ids: world.ids, digest: nodeDigest };
  const { id: assignmentId, agentId = '', fencingToken, sessionId } = granted.assignment;
  const work = { assignmentId, agentId, fencingToken };
  const [cancel, submit, record] = [makeCancelSession(ports), makeSubmitResult(ports), makeRecordOutcome(ports)];
  const [report, update, addCheckpoint] = [makeReportEvents(ports), makeUpdateSession(ports), makeAddCheckpoint(ports)];
  let count = 0;

  const act = async (step: Step): Promise<unknown> => {
    if (isReport(step)) {
      const event: WorkEvent = { ...REPORTS[step], eventSeq: ++count, timestamp: NOON };
      return report({ ...work, events: [event] });
    }
    if (step === 'rename') return update({ sessionId, patch: { title: `Name ${++count}` } });
    if (step === 'check by hand')
      return addCheckpoint({ sessionId, given: { data: {}, trigger: 'manual' }, actor: person });
    if (step === 'cancel') return cancel({ sessionId, actor: person });
    await submit({ ...work, taskId: assignmentId, result: aResult(), digest: 'digest' });
    return record({ sessionId, run: 1 });
  };
  /** What a rule refuses, or a lost race, changes nothing. */
  const attempt = async (step: Step) => {
    try {
      await act(step);
    } catch (error) {
      if (!(error instanceof DomainError || error instanceof ConcurrentUpdate)) throw error;
    }
  };
  const seqs = () =>
    entities(memory.items(), 'event')
      .filter(({ stream }) => stream === `session:${sessionId}`)
      .map(({ seq }) => Number(seq))
      .sort((a, b) => a - b);
  const version = () => Number(entities(memory.items(), 'session')[0]?.['version']);
  return { attempt, seqs, version };
};

it('every version of a session is one recorded event, whoever writes at the same time', async () => {
  const lanes = fc.array(fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 3 }), {
    minLength: 2,
    maxLength: 3,
  });
  const waits = fc.infiniteStream(fc.nat({ max: 12 }));
  const property = fc.asyncProperty(waits, lanes, async (ticks, histories) => {
    // how many microtasks a call takes decides who is next
    const session = await atWork(async () => {
      for (let left = ticks.next().value ?? 0; left > 0; left--) await null;
    });
    const inOrder = async (history: readonly Step[]) => {
      for (const step of history) await session.attempt(step);
    };
    await Promise.all(histories.map(inOrder));
    const { length } = session.seqs();
    expect(session.seqs()).toEqual(Array.from({ length }, (_, index) => index + 1));
    expect(session.version()).toBe(length);
  });
  await fc.assert(property, { numRuns: HISTORIES, seed: 20261121 });
}, 30_000);

it.each([
  ['metrics', 0],
  ['log', 0],
  ['progress', 0],
  ['checkpoint', 1],
  ['rename', 1],
  ['check by hand', 1],
  ['cancel', 1],
  ['submit', 2],
] as const)('%s adds %i to the version', async (step, count) => {
  const session = await atWork();
  const before = session.version();
  await session.attempt(step);
  expect(session.version() - before).toBe(count);
  expect(session.seqs()).toHaveLength(session.version());
});
