import { describe, expect, it } from 'vitest';
import { readMachine } from './definition.ts';
import { answers, forgets, hangs, play, throws, wakes } from './play.ts';

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: 'step', Payload: { task_token: '{% $states.context.Task.Token %}' } },
  TimeoutSeconds: 100,
  Retry: [{ ErrorEquals: ['Busy'] }],
};
const machine = readMachine(
  JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'One',
    States: {
      One: { ...task, Next: 'Two' },
      Two: {
        ...task,
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: 'step' },
        Next: 'Done',
      },
      Done: { Type: 'Succeed' },
    },
  }),
);

describe('a script', () => {
  it('says what each function does, call by call or always', async () => {
    const history = await play(machine, { One: [throws('Busy'), wakes], Two: answers('done') }, {});
    expect(history).toMatchObject({ status: 'SUCCEEDED', transitions: 4, output: { Payload: 'done' } });
  });

  it.each([
    ['its token is forgotten', { One: forgets, Two: hangs }],
    ['its function hangs', { One: wakes, Two: hangs }],
  ])('lets a task time out when %s', async (_, script) => {
    expect(await play(machine, script, {})).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('refuses a call that it does not foresee, and calls that never came', async () => {
    await expect(play(machine, { One: [wakes] }, {})).rejects.toThrow('Two: the script has nothing for this call');
    await expect(play(machine, { One: [throws('Busy')] }, {})).rejects.toThrow('One: the script has nothing');
    const script = { One: [wakes], Two: [answers(1), answers(2)] };
    await expect(play(machine, script, {})).rejects.toThrow('Two: 1 scripted calls never came');
  });
});
