import { describe, expect, it } from 'vitest';
import { edgesOf, readMachine } from './definition.ts';

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'step', Payload: {} },
  Next: 'Done',
};

const read = (states: object, changes: object = {}) =>
  readMachine(
    JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'Work',
      States: { ...states, Done: { Type: 'Succeed' } },
      ...changes,
    }),
  );

describe('a definition', () => {
  it.each([
    ['a type', { Type: 'Map' }, 'Work: the runner does not know the type Map'],
    ['a field', { ...task, ResultPath: '$' }, 'Work: the runner does not know the field ResultPath'],
    ['the field End', { Type: 'Pass', End: true }, 'Work: the runner does not know the field End'],
    [
      'a resource',
      { ...task, Resource: 'arn:aws:states:::sqs:sendMessage' },
      'Work: the runner does not know the resource arn:aws:states:::sqs:sendMessage',
    ],
    [
      'an argument',
      { ...task, Arguments: { Qualifier: '1' } },
      'Work.Arguments: the runner does not know the field Qualifier',
    ],
    [
      'a part of a retrier',
      { ...task, Retry: [{ ErrorEquals: [], Jitter: 1 }] },
      'Work.Retry[0]: the runner does not know the field Jitter',
    ],
    [
      'a part of a catcher',
      { ...task, Catch: [{ ErrorEquals: [], Next: 'Done', ResultPath: '$' }] },
      'Work.Catch[0]: the runner does not know the field ResultPath',
    ],
    [
      'a part of a choice',
      { Type: 'Choice', Choices: [{ Variable: '$', Next: 'Done' }] },
      'Work.Choices[0]: the runner does not know the field Variable',
    ],
    [
      'a function',
      { ...task, Assign: { at: '{% $now() %}' } },
      "Work.Assign.at: the function $now is not in the runner's JSONata",
    ],
    [
      'a timestamp',
      { Type: 'Wait', Timestamp: 'x', Next: 'Done' },
      'Work: the runner does not know the field Timestamp',
    ],
  ])('with %s that the runner does not know is refused by the name of its state', (_, state, message) => {
    expect(() => read({ Work: state })).toThrow(message);
  });

  it.each([
    [
      'a computed timeout',
      { ...task, TimeoutSeconds: '{% 1 %}' },
      'Work.TimeoutSeconds: it is not a plain whole number',
    ],
    [
      'a computed heartbeat',
      { ...task, HeartbeatSeconds: '{% 1 %}' },
      'Work.HeartbeatSeconds: it is not a plain whole number',
    ],
    ['no arguments', { ...task, Arguments: undefined }, 'Work: it has no Arguments'],
    ['no successor', { ...task, Next: undefined }, 'Work: it has no Next'],
    ['an unknown successor', { ...task, Next: 'Nowhere' }, 'Work: there is no state Nowhere'],
  ])('with %s is refused', (_, state, message) => {
    expect(() => read({ Work: state })).toThrow(message);
  });

  it('in another query language, with an unknown field or start is refused', () => {
    expect(() => read({ Work: task }, { QueryLanguage: 'JSONPath' })).toThrow('not JSONata');
    expect(() => read({ Work: task }, { Version: '1.0' })).toThrow(
      'the machine: the runner does not know the field Version',
    );
    expect(() => read({ Work: task }, { StartAt: 'Nowhere' })).toThrow('StartAt: there is no state Nowhere');
  });

  it('has an edge for every successor and every end', () => {
    const machine = read({
      Work: { ...task, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Which' }] },
      Which: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Done' }], Default: 'Work' },
    });
    expect(edgesOf(machine)).toEqual([
      'Work: Next',
      'Work: Catch[0]',
      'Which: Choices[0]',
      'Which: Default',
      'Done: end',
    ]);
  });
});
