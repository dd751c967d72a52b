import { describe, expect, it } from 'vitest';
import { aslProblems } from '#lib/constructs/asl-problems';

const token = (name: string) => `\${${name}}`;

const task = (changes: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: token('Step') },
  Retry: [{ ErrorEquals: ['Lambda.ServiceException'] }],
  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }],
  Next: 'End',
  ...changes,
});

const waiting = { Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' };

const machine = (states: object, changes: object = {}) =>
  JSON.stringify({ StartAt: 'Work', TimeoutSeconds: 60, States: { ...states, End: { Type: 'Succeed' } }, ...changes });

describe('the house rules for state machines', () => {
  it('accept a machine that ends, whose tasks retry and catch, and whose tokens are all given', () => {
    const states = { Work: task(), Wait: task({ ...waiting, TimeoutSeconds: 30 }) };
    expect(aslProblems(machine(states), ['Step'])).toEqual([]);
  });

  it('refuse a token for which nothing is given', () => {
    expect(aslProblems(machine({ Work: task() }), [])).toEqual([`nothing is given for ${token('Step')}`]);
  });

  it('refuse something given that no token asks for', () => {
    expect(aslProblems(machine({ Work: task() }), ['Step', 'Other'])).toEqual([
      `${token('Other')} is given but not used`,
    ]);
  });

  it('refuse a machine that may run for ever', () => {
    expect(aslProblems(machine({ Work: task() }, { TimeoutSeconds: undefined }), ['Step'])).toEqual([
      'the machine has no TimeoutSeconds',
    ]);
  });

  it.each(['Retry', 'Catch'])('refuse a task without %s, also an empty one', (field) => {
    const expected = [`task "Work" has no ${field}`];
    expect(aslProblems(machine({ Work: task({ [field]: undefined }) }), ['Step'])).toEqual(expected);
    expect(aslProblems(machine({ Work: task({ [field]: [] }) }), ['Step'])).toEqual(expected);
  });

  it.each([undefined, '{% $timeout %}'])('refuse a task that waits for a token with %s as its timeout', (timeout) => {
    expect(aslProblems(machine({ Work: task({ ...waiting, TimeoutSeconds: timeout }) }), ['Step'])).toEqual([
      'task "Work" waits for a token without a TimeoutSeconds that is a plain number',
    ]);
  });

  it('look into branches and maps', () => {
    const inner = { StartAt: 'Inner', States: { Inner: task({ Retry: [] }) } };
    const states = { Both: { Type: 'Parallel', Branches: [inner] }, Each: { Type: 'Map', ItemProcessor: inner } };
    expect(aslProblems(machine(states), ['Step'])).toEqual(['task "Inner" has no Retry', 'task "Inner" has no Retry']);
  });
});
