import type { Scheduler } from 'fast-check';
import type { ItemEngine, Operation } from '#adapters/dynamodb/item-engine';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { ConcurrentUpdate, DomainError } from '#domain/errors';
import type { EventInternals } from '#domain/event';
import { brokenInvariants } from './broken-invariants.ts';
import { engineInTurns } from './engine-in-turns.ts';
import { entities } from './ports-in-memory.ts';
import { aWorldOn, type WorldOptions } from './world.ts';

export interface Chaos {
  /** Picks which of the pending reads and writes is next. */
  readonly scheduler: Pick<Scheduler, 'schedule' | 'waitIdle'>;
  /** Whether the next transaction is refused although nobody raced it. */
  readonly isRefused: () => boolean;
  /** Whether the next step of an execution, or the next delivery of an event, happens twice. */
  readonly isRepeated: () => boolean;
}

/** The execution was stopped from outside. */
class Aborted extends Error {}

const MAX_RETRIES = 20;

/** An engine on which every call waits for its turn until `calm`, and writes may be refused. */
const contested = (engine: ItemEngine, { scheduler, isRefused }: Chaos, isCalm: () => boolean): ItemEngine => {
  // the database refuses only what several writers touch; nobody shares a wait
  const refuse = (operations: readonly Operation[]) => {
    if (!isCalm() && operations.length > 1 && isRefused()) throw new ConcurrentUpdate(operations[0]?.what ?? 'item');
  };
  const refusing: ItemEngine = {
    ...engine,
    transact: async (operations) => {
      refuse(operations);
      await engine.transact(operations);
    },
  };
  return engineInTurns(refusing, async (call) => {
    if (!isCalm()) await scheduler.schedule(Promise.resolve(), call);
  });
};

/** A tenant with its bus and its executions, on which many act at once. `problems` collects what must never be. */
export const aBusyTenant = async (
  chaos: Chaos,
  limit: number,
  {
    isBroken = brokenInvariants,
    ...options
  }: Pick<WorldOptions, 'maxWaiting'> & { isBroken?: typeof brokenInvariants } = {},
) => {
  const problems: string[] = [];
  let calm = true;
  const memory = makeMemoryEngine({ onCommit: () => problems.push(...isBroken(memory.items())) });
  const tokens = new Map<string, () => void>();
  const complete = async (taskToken: string) => tokens.get(taskToken)?.();
  const world = await aWorldOn(
    contested(memory, chaos, () => calm),
    { complete },
    { limit, ...options },
  );
  const isRepeated = () => !calm && chaos.isRepeated();

  /** A step as its caller repeats it: again after a lost race. */
  const patiently = async <T>(act: () => Promise<T>): Promise<T> => {
    for (let left = MAX_RETRIES; ; left--) {
      try {
        return await act();
      } catch (error) {
        if (left === 0 || !(error instanceof ConcurrentUpdate)) throw error;
      }
    }
  };

  const background: Promise<unknown>[] = [];
  const inBackground = (act: () => Promise<unknown>) => {
    const done = act().catch((error: unknown) => {
      if (!(error instanceof Aborted)) problems.push(String(error));
    });
    background.push(done);
  };

  const executions = new Map<string, { abort: () => void; readonly isAborted: Promise<never> }>();

  /** What the state machine does with its step functions; the real one is tested on the local cloud. */
  const drive = async (sessionId: string, run: number, isAborted: Promise<never>): Promise<void> => {
    const at = { sessionId, run };
    let made = 0;
    const once = <T>(act: () => Promise<T>) => Promise.race([patiently(act), isAborted]);
    const step = async <T>(act: () => Promise<T>): Promise<T> => {
      if (isRepeated()) inBackground(() => patiently(act));
      return once(act);
    };
    const wait = async (act: (input: typeof at & { taskToken: string }) => Promise<void>) => {
      // an invocation whose answer was lost leaves a token that completes nothing
      if (isRepeated()) await once(() => act({ ...at, taskToken: `lost ${sessionId} ${run} ${++made}` }));
      const taskToken = `${sessionId} ${run} ${++made}`;
      const isOver = new Promise<void>((resolve) => tokens.set(taskToken, resolve));
      inBackground(() => patiently(() => act({ ...at, taskToken })));
      await Promise.race([isOver, isAborted]);
      tokens.delete(taskToken);
    };

    let begun: string;
    do {
      await wait(world.awaitSlot);
      begun = await step(() => world.beginAttempt(at));
    } while (begun === 'no_slot');
    let outcome = begun;
    while (outcome === 'begun' || outcome === 'open' || outcome === 'retry') {
      if (outcome === 'retry') {
        await step(() => world.scheduleRetry(at));
        await step(() => world.beginAttempt(at));
      }
      await wait(world.awaitAgent);
      outcome = await step(() => world.judgeOutcome(at));
    }
    if (outcome !== 'superseded') await step(() => world.recordOutcome(at));
  };

  const start = ({ sessionId, number }: NonNullable<EventInternals['run']>) => {
    const name = `${sessionId} ${number}`;
    if (executions.has(name)) return;
    let abort: () => void = () => undefined;
    const isAborted = new Promise<never>((_, reject) => {
      abort = () => reject(new Aborted());
    });
    isAborted.catch(() => undefined);
    executions.set(name, { abort, isAborted });
    inBackground(() => drive(sessionId, number, isAborted));
  };

  const consume = async ({ consumers = [], run, wake = [] }: EventInternals): Promise<void> => {
    if (run && consumers.includes('start-execution')) start(run);
    if (run && consumers.includes('stop-execution')) executions.get(`${run.sessionId} ${run.number}`)?.abort();
    if (consumers.includes('place-work')) await patiently(() => world.placeWork({ everything: false }));
    for (const sessionId of wake) await patiently(() => world.wakeSession(sessionId));
  };

  const delivered = new Set<string>();
  const undelivered = () =>
    entities(memory.items(), 'event').filter(({ eventId, internal }) => internal && !delivered.has(String(eventId)));

  /** Takes one committed event off the stream, any of them, and lets its consumers act, perhaps twice. */
  const deliver = async (which: number): Promise<boolean> => {
    const events = undelivered();
    const event = events[which % Math.max(1, events.length)];
    if (event === undefined) return false;
    delivered.add(String(event['eventId']));
    if (isRepeated()) inBackground(() => consume(event['internal'] as EventInternals));
    await consume(event['internal'] as EventInternals);
    return true;
  };

  return {
    ...world,
    problems,
    items: memory.items,
    deliver,
    /** Any one of the executions dies without a word. */
    crash: (which: number) => [...executions.values()][which % Math.max(1, executions.size)]?.abort(),
    /** From here on every call waits for its turn, until `calmDown`. */
    stirUp: () => {
      calm = false;
    },
    calmDown: async () => {
      calm = true;
      await chaos.scheduler.waitIdle();
    },
    /** Does something that a rule may refuse. Every other failure is a problem. */
    attempt: async <T>(act: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof DomainError)) problems.push(String(error));
        return undefined;
      }
    },
    /** Ends when every execution has. */
    allEnded: async () => {
      while (background.length > 0) await background.pop();
    },
  };
};

export type BusyTenant = Awaited<ReturnType<typeof aBusyTenant>>;
