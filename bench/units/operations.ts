import type { CounterDrift } from '#application/counter-drift';
import { makePlaceWork } from '#application/place-work';
import { makeSweepGates } from '#application/sweep-gates';
import { makeSweepLeases } from '#application/sweep-leases';
import { makeSweepWork } from '#application/sweep-work';
import type { LocalDynamo } from '#test/support/dynamodb';
import { sha256Of } from '#test/support/objects-in-memory';
import { lifecycleOf } from './lifecycle.ts';
import { type Consumption, sumOf } from './meter.ts';
import { type MeasuredWorld, measuredWorld } from './world.ts';

/** What each operation consumes by its name, and what a whole session does. */
export interface Units {
  readonly operations: { readonly [name: string]: Consumption };
  /** From its request to its end, with nothing in its way: three batches of ten log lines, nobody waits for its slot. */
  readonly plain_session: Consumption & {
    /** State transitions, as Step Functions bills them. */
    readonly transitions: number;
    readonly states: readonly string[];
  };
}

const AT = '2026-05-04T12:00:00.000Z';
const LOG_BATCHES = 3;
const LINES = 10;

const logBatch = (firstSeq: number) => ({
  events: Array.from({ length: LINES }, (_, index) => ({
    type: 'log',
    event_seq: firstSeq + index,
    timestamp: AT,
    level: 'info',
    source: 'agent',
    message: 'write started: src/farewell.js',
  })),
});

const RESULT = {
  status: 'completed',
  output_data: {
    summary: 'Added farewell() and a test for it.',
    diff: 'diff --git a/src/farewell.js b/src/farewell.js\n'.repeat(10),
    files: [{ path: 'src/farewell.js', status: 'added', additions: 2, deletions: 0 }],
    base_commit: 'a'.repeat(40),
    result_commit: 'b'.repeat(40),
    result_branch: 'iorch/01JD8X5YB2M0Q4V6T8W1Z3C5E7',
    verification: [{ name: 'tests', exit_code: 0, duration_ms: 1500, output: 'pass 2' }],
    model: 'demo/scripted',
  },
  metrics: { input_tokens: 1200, output_tokens: 80 },
};

const TRANSCRIPT = '{"version":1,"messages":[]}';

/** One session that nothing disturbs, from its request to its end, driven by the real state machine. */
const plainSession = async (world: MeasuredWorld) => {
  const { api, tenantId, record, create, asAgent } = world;
  const lifecycle = lifecycleOf(api, tenantId, record);
  const { id } = await record('create and start session', () => create(true));
  const { history, ended } = lifecycle.start(id);
  await lifecycle.arrival(history, 'Run On Agent');
  const { assignments } = await record('claim (one assignment granted)', () => asAgent('/assignments/claim', {}));
  const { assignment_id, fencing_token } = assignments[0];
  const work = (path: string, body: object) =>
    asAgent(`/assignments/${assignment_id}${path}`, { fencing_token, ...body });
  for (let batch = 0; batch < LOG_BATCHES; batch++)
    await record(`report events (${LINES} log lines)`, () => work('/events', logBatch(1 + LINES * batch)));
  await record('submit result', () => work('/result', { task_id: assignment_id, ...RESULT }));
  await record('wake (the wait is over)', () => lifecycle.wake(id));
  const { status, transitions, entered, cause } = await ended;
  if (status !== 'SUCCEEDED') throw new Error(`the execution of the plain session ended ${status}: ${cause}`);
  return { id, transitions, states: entered.map(({ state }) => state) };
};

const reads = async ({ asMember, record }: MeasuredWorld, id: string) => {
  await record('get session', () => asMember(`/${id}`));
  await record('list sessions (one)', () => asMember(''));
  await record('list events of a session', () => asMember(`/${id}/events`));
  await record('list logs of a session', () => asMember(`/${id}/logs`));
  await record('get result', () => asMember(`/${id}/result`));
  await record('get diff', () => asMember(`/${id}/diff`));
};

const failOnDrift = (drift: CounterDrift) => {
  throw new Error(`a counter was wrong: ${JSON.stringify(drift)}`);
};

const agentUpkeep = async ({ api, tenantId, record, as, register }: MeasuredWorld) => {
  const { dueWork, storeOf, clock, ids } = api.ports;
  const asAgent = as(await record('register agent', () => register('RUNNER-2')));
  const heartbeat = () => asAgent('/heartbeat', { status: 'healthy' });
  await record('heartbeat (the first)', heartbeat);
  api.clock.advance(30);
  await record('heartbeat (nothing changed)', heartbeat);
  await record('claim (the first, nothing waits)', () => asAgent('/assignments/claim', {}));
  await record('claim (nothing waits)', () => asAgent('/assignments/claim', {}));
  const sweeping = { due: dueWork(), storeOf, clock, ids, report: failOnDrift };
  await record('sweep (nothing is due)', () => makeSweepLeases(sweeping)());
  await record('sweep (no work waits)', () => makeSweepWork(sweeping)());
  await record('sweep (two gates are recounted)', () => makeSweepGates(sweeping)());
  await record('place work (nothing waits)', () =>
    makePlaceWork({ store: storeOf(tenantId), clock, ids })({ everything: false }),
  );
};

const lease = async (world: MeasuredWorld) => {
  const { api, tenantId, record, create, asAgent, asMember } = world;
  const lifecycle = lifecycleOf(api, tenantId, (_, act) => act());
  const { id } = await create(true);
  const { history, stop } = lifecycle.start(id);
  await lifecycle.arrival(history, 'Run On Agent');
  const { assignments } = await asAgent('/assignments/claim', {});
  const { assignment_id, fencing_token } = assignments[0];
  api.clock.advance(1);
  await record('extend lease', () => asAgent(`/assignments/${assignment_id}/extend`, { fencing_token }));
  await record('cancel session (an agent works on it)', () => asMember(`/${id}/cancel`, { body: {} }));
  stop('Cancelled', 'a person cancelled the session');
};

/** A file beside the result, such as the transcript that our runner leaves. */
const fileBesideResult = async ({ api, tenantId, record, create, asAgent }: MeasuredWorld) => {
  const lifecycle = lifecycleOf(api, tenantId, (_, act) => act());
  const { id } = await create(true);
  const { history, stop } = lifecycle.start(id);
  await lifecycle.arrival(history, 'Run On Agent');
  const { assignments } = await asAgent('/assignments/claim', {});
  const { assignment_id, fencing_token } = assignments[0];
  const work = (path: string, body: object) =>
    asAgent(`/assignments/${assignment_id}${path}`, { fencing_token, ...body });
  await work('/events', logBatch(1));
  const path = 'transcript.json';
  const file = { path, mime_type: 'application/json', size_bytes: TRANSCRIPT.length, sha256: sha256Of(TRANSCRIPT) };
  const { artifact_id, upload_url } = await record('announce a file', () => work('/artifacts', file));
  api.objects.put(upload_url, TRANSCRIPT);
  const artifacts = [{ path, artifact_id }];
  await record('submit result (names one file)', () =>
    work('/result', { task_id: assignment_id, ...RESULT, artifacts }),
  );
  stop('Measured', 'what comes next is measured without a file');
};

const creation = async ({ record, create, asMember }: MeasuredWorld) => {
  const { id } = await record('create session', () => create(false));
  await record('create session with Idempotency-Key', () => create(false, { 'idempotency-key': 'k'.repeat(36) }));
  await record('start session', () => asMember(`/${id}/start`, { body: {} }));
  await record('cancel session (queued, holds a slot)', () => asMember(`/${id}/cancel`, { body: {} }));
};

/** Write units of a plain session that leaves a transcript beside its result, as those of our runner do. */
export const writeUnitsWithTranscript = ({ operations, plain_session }: Units): number => {
  const of = (name: string) => operations[name]?.write_units ?? Number.POSITIVE_INFINITY;
  const more = of('announce a file') + of('submit result (names one file)') - of('submit result');
  return plain_session.write_units + more;
};

/** Runs every operation on a new table of the engine and says what each consumed. */
export const measureUnits = async (dynamo: LocalDynamo): Promise<Units> => {
  const world = await measuredWorld(dynamo);
  const { id, transitions, states } = await plainSession(world);
  const plain_session = { ...sumOf(world.sequence), transitions, states };
  await reads(world, id);
  await agentUpkeep(world);
  await lease(world);
  await fileBesideResult(world);
  await creation(world);
  return { operations: Object.fromEntries(world.table), plain_session };
};
