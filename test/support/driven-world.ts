import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { nodeDigest } from '#adapters/node/node-digest';
import type { TaskTokens } from '#application/ports/executions';
import type { EventInternals } from '#domain/event';
import type { Machine } from './asl-runner/definition.ts';
import { type Execution, makeStepFunctions, type StepFunctionsInMemory } from './asl-runner/run-machine.ts';
import type { Call } from './asl-runner/run-task.ts';
import { virtualTime } from './asl-runner/virtual-time.ts';
import { makeSettle } from './bus-in-memory.ts';
import { interrupted } from './ports-in-memory.ts';
import { aWorldOn, type WorldOptions } from './world.ts';

/** How a function dies without a word. */
export const killed = () => Object.assign(new Error('exited'), { name: 'Runtime.ExitError' });

type Handler = (event: unknown) => Promise<unknown>;

/** Does something in place of a call of a function; `work` is the function itself. */
export type Instead = (call: Call, work: () => Promise<unknown>) => Promise<unknown>;

export interface DrivenOptions extends WorldOptions {
  readonly machine: Machine;
  /** The step function behind a token of the definition. */
  readonly handlerOf: (functionName: string) => Handler;
}

/**
 * A tenant whose sessions are driven by the real state machine with the real step functions, in memory and in virtual time.
 * The bus delivers each committed event once, as soon as nothing else happens.
 */
export const aDrivenWorld = async ({ machine, handlerOf, ...options }: DrivenOptions) => {
  let writes = 0;
  let death: { left: number; readonly when: 'before' | 'after' } | undefined;
  const memory = makeMemoryEngine();
  const engine = interrupted({
    ...memory,
    transact: async (operations) => {
      writes++;
      const kills = death && --death.left === 0 ? death.when : undefined;
      if (kills !== 'before') await memory.transact(operations);
      if (kills) throw killed();
    },
  });
  let machines: StepFunctionsInMemory;
  const tokens: TaskTokens & { readonly completed: string[] } = {
    completed: [],
    complete: async (taskToken) => {
      tokens.completed.push(taskToken);
      machines.sendTaskSuccess(taskToken);
    },
  };
  const world = await aWorldOn(engine, tokens, options);
  const time = virtualTime(world.clock);
  const instead: { readonly state: string; readonly act: Instead; readonly of: (call: Call) => boolean }[] = [];
  machines = makeStepFunctions(machine, {
    time,
    invoke: async (call) => {
      const work = () => handlerOf(call.functionName)(call.payload);
      const found = instead.find(({ state, of }) => state === call.state && of(call));
      if (found === undefined) return work();
      instead.splice(instead.indexOf(found), 1);
      return found.act(call, work);
    },
  });

  const executions = new Map<string, Execution>();
  /** An execution as start-execution makes it; another name makes another one of the same run. */
  const execute = (sessionId: string, run: number, name = `A-${sessionId}-${run}`): Execution => {
    const execution = executions.get(name) ?? machines.start(name, { tenant_id: 'A', session_id: sessionId, run });
    executions.set(name, execution);
    return execution;
  };

  const consume = async ({ consumers = [], run, wake = [] }: EventInternals) => {
    if (run && consumers.includes('start-execution')) execute(run.sessionId, run.number);
    if (run && consumers.includes('stop-execution'))
      executions.get(`A-${run.sessionId}-${run.number}`)?.stop('SessionEnded', 'a person cancelled the session');
    if (consumers.includes('place-work')) await world.placeWork({ everything: false });
    for (const sessionId of wake) await world.wakeSession(sessionId);
  };

  const settle = makeSettle({ time, items: memory.items, consume });

  return {
    ...world,
    digest: nodeDigest,
    /** What a step function takes for chance. */
    chance: () => 0.5,
    items: memory.items,
    everything: () => structuredClone(memory.items()),
    writes: () => writes,
    /** Kills whoever makes the n-th of the next writes, before or after it. The answer tells whether that has happened, and calls it off. */
    killAtWrite: (nth: number, when: 'before' | 'after') => {
      death = { left: nth, when };
      return (): boolean => {
        const hasKilled = death !== undefined && death.left <= 0;
        death = undefined;
        return hasKilled;
      };
    },
    execute,
    settle,
    /** Lets time pass for executions; leases and deadlines are the sweeper's. */
    pass: async (seconds: number) => {
      await settle();
      await time.advance(seconds);
      await settle();
    },
    executionOf: (sessionId: string, run = 1) => {
      const execution = executions.get(`A-${sessionId}-${run}`);
      if (execution === undefined) throw new Error(`no execution was started for run ${run} of ${sessionId}`);
      return execution;
    },
    /** What happens in place of the next call from a state, or the next of certain ones. */
    inPlaceOf: (state: string, act: Instead, of: (call: Call) => boolean = () => true) =>
      instead.push({ state, act, of }),
  };
};

export type DrivenWorld = Awaited<ReturnType<typeof aDrivenWorld>>;
