import type { Machine } from './definition.ts';
import { Refused } from './refused.ts';
import { type History, makeStepFunctions, type StepFunctionsInMemory } from './run-machine.ts';
import type { Call } from './run-task.ts';
import { virtualTime } from './virtual-time.ts';

/** What the function of a state does when it is called. */
export type Act = (call: Call, machines: StepFunctionsInMemory) => unknown;

/** Of each state what its function does: always the same, or call by call. */
export type Script = Readonly<Record<string, Act | readonly Act[]>>;

export const answers =
  (value: unknown): Act =>
  () =>
    value;

/** Stores its token, and somebody completes it at once. */
export const wakes: Act = ({ payload }, machines) => {
  machines.sendTaskSuccess((payload as { task_token: string }).task_token);
};

/** Stores its token, and nobody ever completes it. */
export const forgets: Act = () => undefined;

/** Never comes back. */
export const hangs: Act = () => new Promise(() => undefined);

export const throws =
  (name: string): Act =>
  () => {
    throw Object.assign(new Error('it broke'), { name });
  };

/**
 * Runs a machine with scripted functions until it ends, however long that takes in virtual time.
 * @throws Refused for a call that the script does not foresee, or a scripted one that never came
 */
export const play = async (machine: Machine, script: Script, input: unknown): Promise<History> => {
  const time = virtualTime();
  const left = Object.fromEntries(Object.entries(script).map(([state, acts]) => [state, [acts].flat()]));
  const machines = makeStepFunctions(machine, {
    time,
    invoke: (call) => {
      const always = script[call.state];
      const act = typeof always === 'function' ? always : left[call.state]?.shift();
      if (act === undefined) throw new Refused(call.state, 'the script has nothing for this call');
      return act(call, machines);
    },
  });
  const { history, ended } = machines.start('NAME', input);
  let isOver = false;
  const over = ended.finally(() => {
    isOver = true;
  });
  over.catch(() => undefined);
  await time.until(() => isOver);
  await over;
  const unused = Object.entries(left).find(([state, acts]) => typeof script[state] !== 'function' && acts.length > 0);
  if (unused) throw new Refused(unused[0], `${unused[1].length} scripted calls never came`);
  return history;
};
