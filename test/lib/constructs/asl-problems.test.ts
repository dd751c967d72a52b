import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aslProblems } from '#lib/constructs/asl-problems';

const token = (name: string) => `\${${name}}`;
const says = { Comment: 'It is so.' };

const task = (changes: object = {}) => ({
  Type: 'Task',
  ...says,
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: token('Step') },
  TimeoutSeconds: 60,
  Retry: [{ ErrorEquals: ['Lambda.ServiceException'] }],
  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }],
  Next: 'Done',
  ...changes,
});
const waiting = { Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', TimeoutSeconds: 30 };

const machine = (states: object, changes: object = {}) =>
  JSON.stringify({
    ...says,
    QueryLanguage: 'JSONata',
    StartAt: 'Work',
    TimeoutSeconds: 60,
    States: { ...states, Done: { Type: 'Succeed', ...says } },
    ...changes,
  });

const problemsOf = (states: object, changes: object = {}) => aslProblems(machine(states, changes), ['Step']);
/** Of a machine whose only state before the end is this one. */
const problemsWith = (changes: object) => problemsOf({ Work: task(changes) });

describe('the house rules for state machines', () => {
  it('accept a machine that ends, whose tasks retry and catch, and whose tokens are all given', () => {
    expect(problemsOf({ Work: task({ Next: 'Wait Here' }), 'Wait Here': task(waiting) })).toEqual([]);
  });

  it('accept the machine of sessions', () => {
    const text = readFileSync('state-machines/session-lifecycle.asl.json', 'utf8');
    const given = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name));
    expect(aslProblems(text, [...given])).toEqual([]);
  });

  it('refuse a token for which nothing is given, and something given that no token asks for', () => {
    expect(aslProblems(machine({ Work: task() }), ['Other'])).toEqual([
      `nothing is given for ${token('Step')}`,
      `${token('Other')} is given but not used`,
    ]);
  });

  it.each([
    ['that may run for ever', { TimeoutSeconds: undefined }, 'has no TimeoutSeconds that is a plain number'],
    ['whose limit is computed', { TimeoutSeconds: '{% 1 %}' }, 'has no TimeoutSeconds that is a plain number'],
    ['that says nothing', { Comment: undefined }, 'has no Comment'],
    ['in the other query language', { QueryLanguage: undefined }, 'does not speak JSONata'],
  ])('refuse a machine %s', (_, changes, problem) => {
    expect(problemsOf({ Work: task() }, changes)).toEqual([`the machine ${problem}`]);
  });

  it.each([
    ['without Retry', { Retry: undefined }, 'has no Retry'],
    ['with an empty Retry', { Retry: [] }, 'has no Retry'],
    [
      'that repeats everything',
      { Retry: [{ ErrorEquals: ['States.ALL'] }] },
      'repeats what it does not name: Retry lists the errors that a repeat can cure',
    ],
    [
      'that repeats nothing in particular',
      { Retry: [{ ErrorEquals: [] }] },
      'repeats what it does not name: Retry lists the errors that a repeat can cure',
    ],
    ['without Catch', { Catch: undefined }, 'has no Catch'],
    ['with an empty Catch', { Catch: [] }, 'has no Catch'],
    [
      'that catches some errors only',
      { Catch: [{ ErrorEquals: ['Busy'], Next: 'Done' }] },
      'lets an error pass: its last Catch is not for States.ALL',
    ],
    ['without a limit', { TimeoutSeconds: undefined }, 'has no TimeoutSeconds'],
    [
      'that waits for a token without a limit',
      { ...waiting, TimeoutSeconds: undefined },
      'waits for a token without a TimeoutSeconds that is a plain number',
    ],
    [
      'that waits for a token with a computed limit',
      { ...waiting, TimeoutSeconds: '{% $limit %}' },
      'waits for a token without a TimeoutSeconds that is a plain number',
    ],
    ['that says nothing', { Comment: undefined }, 'has no Comment that is a sentence'],
    ['that says no sentence', { Comment: 'works' }, 'has no Comment that is a sentence'],
    ['that speaks JSONPath', { ResultPath: '$' }, 'has the field ResultPath: the machine speaks JSONata only'],
    ['with parameters of JSONPath', { Parameters: {} }, 'has the field Parameters: the machine speaks JSONata only'],
    [
      'with a query language of its own',
      { QueryLanguage: 'JSONPath' },
      'has the field QueryLanguage: the machine speaks JSONata only',
    ],
  ])('refuse a task %s', (_, changes, problem) => {
    expect(problemsWith(changes)).toEqual([`state "Work" ${problem}`]);
  });

  it.each(['work', 'Work here', 'Work_Here', 'doWork', 'Work  Here', 'Work!'])('refuse the name "%s"', (name) => {
    expect(problemsOf({ [name]: task() }, { StartAt: name })).toEqual([`the name "${name}" is not in Title Case`]);
  });

  it.each(['Work On It', 'Is It 2?', 'Work'])('accept the name "%s"', (name) => {
    expect(problemsOf({ [name]: task() }, { StartAt: name })).toEqual([]);
  });

  it('refuse an end that is neither Succeed nor Fail', () => {
    const [ends, leads] = [task({ Next: undefined, End: true }), task({ Next: undefined })];
    expect(problemsOf({ Work: ends })).toEqual([
      'state "Work" ends the machine; only Succeed and Fail do, so that colors mean something',
    ]);
    expect(problemsOf({ Work: leads })).toEqual(['state "Work" leads nowhere']);
  });

  it('refuse a choice that may match nothing', () => {
    const choice = { Type: 'Choice', ...says, Choices: [{ Condition: '{% $done %}', Next: 'Done' }] };
    const states = { Work: task({ Next: 'Is It Done?' }), 'Is It Done?': choice };
    expect(problemsOf(states)).toEqual(['state "Is It Done?" has no Default']);
  });

  it('refuse a state that nothing leads to, and one that does not exist', () => {
    const states = { Work: task({ Next: 'Nowhere' }), Island: task() };
    expect(problemsOf(states)).toEqual(['there is no state "Nowhere"', 'state "Island" cannot be reached']);
  });

  it('refuse a loop that waits and asks again; one in which a token waits is no such loop', () => {
    const rest = { Type: 'Wait', ...says, Seconds: 60, Next: 'Work' };
    const choice = { Type: 'Choice', ...says, Choices: [{ Condition: '{% $done %}', Next: 'Done' }], Default: 'Rest' };
    const loop = (changes: object) => ({
      Work: task({ Next: 'Is It Done?', ...changes }),
      'Is It Done?': choice,
      Rest: rest,
    });
    expect(problemsOf(loop({}))).toEqual(['state "Rest" waits in a loop that asks again and again: let a token wait']);
    expect(problemsOf(loop(waiting))).toEqual([]);
    const catches = { Next: 'Done', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Rest' }] };
    expect(problemsOf({ Work: task(catches), Rest: rest })).toHaveLength(1);
  });

  it('look into branches and maps', () => {
    const end = { Done: { Type: 'Succeed', ...says } };
    const inner = { StartAt: 'Inner', States: { Inner: task({ Retry: [] }), ...end } };
    const states = {
      Work: { Type: 'Parallel', ...says, Branches: [inner], Next: 'Each' },
      Each: { Type: 'Map', ...says, ItemProcessor: inner, Next: 'Done' },
    };
    expect(problemsOf(states)).toEqual(['state "Inner" has no Retry', 'state "Inner" has no Retry']);
  });
});
