import { describe, expect, it } from 'vitest';
import { readMachine } from './definition.ts';
import { makeStepFunctions } from './run-machine.ts';
import type { Call } from './run-task.ts';
import { virtualTime } from './virtual-time.ts';

const named = (name: string, message = 'why') => Object.assign(new Error(message), { name });

const step = ['$', '{Step}'].join('');

const task = (changes: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: step, Payload: { given: '{% $states.input.given %}' } },
  Next: 'Done',
  ...changes,
});
const token = (changes: object = {}) =>
  task({
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: step, Payload: { token: '{% $states.context.Task.Token %}' } },
    ...changes,
  });

/** An execution of a machine whose function answers with what `answers` gives, in order; a thrown error is thrown. */
const execution = (states: object, answers: ((call: Call) => unknown)[] = [], changes: object = {}) => {
  const machine = readMachine(
    JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'Work',
      States: { ...states, Done: { Type: 'Succeed' }, Lost: { Type: 'Fail', Error: 'Lost', Cause: '{% $why %}' } },
      ...changes,
    }),
  );
  const time = virtualTime();
  const calls: Call[] = [];
  const invoke = async (call: Call) => {
    calls.push(call);
    const answer = answers.shift();
    if (answer === undefined) throw new Error('nothing is scripted');
    return answer(call);
  };
  const began = time.now();
  const machines = makeStepFunctions(machine, { time, invoke });
  const { history, ended, stop } = machines.start('NAME', { given: 1 });
  const tokenOf = (call: number) => (calls.at(call) as { payload: { token: string } }).payload.token;
  return { ...machines, time, calls, history, ended, stop, tokenOf, passed: () => (time.now() - began) / 1000 };
};

describe('states', () => {
  it('pass variables and output on, take branches, and end with what was asked for', async () => {
    const { ended, time } = execution({
      Work: {
        Type: 'Pass',
        Assign: { kept: '{% $states.input.given %}' },
        Output: { kept: '{% $states.input.given %}' },
        Next: 'Which',
      },
      Which: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $kept = 2 %}', Next: 'Lost' },
          { Condition: '{% $kept = 1 %}', Next: 'Pause' },
        ],
      },
      Pause: { Type: 'Wait', Seconds: '{% $kept + 59 %}', Next: 'Done' },
    });
    await time.advance(60);
    expect(await ended).toEqual({
      status: 'SUCCEEDED',
      entered: [
        { state: 'Work', at: '2026-05-04T12:00:00.000Z' },
        { state: 'Which', at: '2026-05-04T12:00:00.000Z' },
        { state: 'Pause', at: '2026-05-04T12:00:00.000Z' },
        { state: 'Done', at: '2026-05-04T12:01:00.000Z' },
      ],
      edges: ['Work: Next', 'Which: Choices[1]', 'Pause: Next', 'Done: end'],
      transitions: 4,
      output: { kept: 1 },
    });
  });

  it('evaluate output and variables with the values from before', async () => {
    const { ended } = execution({
      Work: { Type: 'Pass', Assign: { n: 1 }, Next: 'Second' },
      Second: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Output: '{% $n %}', Next: 'Done' },
    });
    expect(await ended).toMatchObject({ output: 1 });
  });

  it('end in a Fail with its error and cause', async () => {
    const { ended } = execution({ Work: { Type: 'Pass', Assign: { why: 'so' }, Next: 'Lost' } });
    expect(await ended).toMatchObject({ status: 'FAILED', error: 'Lost', cause: 'so' });
  });

  it.each([
    [
      'a choice that nothing matches',
      { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Done' }] },
      'States.NoChoiceMatched',
    ],
    [
      'a condition that is no boolean',
      { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'Done' }] },
      'States.QueryEvaluationError',
    ],
    [
      'a wait that is no number',
      { Type: 'Wait', Seconds: "{% 'soon' %}", Next: 'Done' },
      'States.QueryEvaluationError',
    ],
    [
      'a variable without a value',
      { Type: 'Pass', Output: '{% $nobody %}', Next: 'Done' },
      'States.QueryEvaluationError',
    ],
  ])('fail for %s', async (_, state, error) => {
    expect(await execution({ Work: state }).ended).toMatchObject({ status: 'FAILED', error });
  });
});

describe('a task', () => {
  it('invokes its function with JSON and reads its answer', async () => {
    const { ended, calls } = execution({ Work: task({ Output: '{% $states.result.Payload.twice %}' }) }, [
      ({ payload }) => ({ twice: (payload as { given: number }).given * 2, dropped: undefined }),
    ]);
    expect(await ended).toMatchObject({ output: 2 });
    expect(calls).toEqual([{ state: 'Work', functionName: 'Step', payload: { given: 1 }, retryCount: 0 }]);
  });

  it('is tried again after growing, limited waits; each retry is a transition', async () => {
    const retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3, MaxDelaySeconds: 10 }];
    const busy = () => Promise.reject(named('Busy'));
    const { ended, time, history, passed } = execution({ Work: task({ Retry: retry }) }, [busy, busy, busy, () => 1]);
    await time.until(() => history.status !== 'RUNNING');
    expect(await ended).toMatchObject({ status: 'SUCCEEDED', transitions: 5 });
    expect(passed()).toBe(2 + 6 + 10);
  });

  it('ends with the error when the retries are used up, or none names it', async () => {
    const fails = () => Promise.reject(named('Busy', 'full'));
    const retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, MaxAttempts: 1 }];
    const { ended, time } = execution({ Work: task({ Retry: retry }) }, [fails, fails]);
    await time.advance(1);
    const cause = JSON.stringify({ errorType: 'Busy', errorMessage: 'full' });
    expect(await ended).toMatchObject({ status: 'FAILED', error: 'Busy', cause, transitions: 2 });
    const other = execution({ Work: task({ Retry: retry }) }, [() => Promise.reject(named('Other'))]);
    expect(await other.ended).toMatchObject({ error: 'Other', transitions: 1 });
  });

  it('goes where its Catch says, with the error', async () => {
    const { ended } = execution(
      {
        Work: task({
          Catch: [
            { ErrorEquals: ['Other'], Next: 'Done' },
            { ErrorEquals: ['States.ALL'], Assign: { why: '{% $states.errorOutput.Error %}' }, Next: 'Lost' },
          ],
        }),
      },
      [() => Promise.reject(named('Broken'))],
    );
    expect(await ended).toMatchObject({ error: 'Lost', cause: 'Broken', edges: ['Work: Catch[1]', 'Lost: end'] });
  });

  it('hands error and cause on where its Catch says nothing else', async () => {
    const { ended } = execution({ Work: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }] }) }, [
      () => Promise.reject('text'),
    ]);
    expect(await ended).toMatchObject({
      output: { Error: 'Error', Cause: '{"errorType":"Error","errorMessage":"text"}' },
    });
  });

  it('catches an expression of its own that has no result, and not what is fatal', async () => {
    const catches = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }] };
    const expression = execution({ Work: task({ ...catches, Output: '{% $states.result.Payload.z %}' }) }, [() => 1]);
    expect(await expression.ended).toMatchObject({ edges: ['Work: Catch[0]', 'Done: end'] });
    const fatal = execution({ Work: task(catches) }, [() => Promise.reject(named('States.Runtime'))]);
    expect(await fatal.ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it('times out; States.TaskFailed does not mean that', async () => {
    const never = () => new Promise(() => undefined);
    const states = { Work: task({ TimeoutSeconds: 60, Retry: [{ ErrorEquals: ['States.TaskFailed'] }] }) };
    const { ended, time } = execution(states, [never]);
    await time.advance(60);
    expect(await ended).toMatchObject({ status: 'FAILED', error: 'States.Timeout', transitions: 1 });
  });
});

describe('a task that waits for its token', () => {
  it('ends when the token comes, with its value, at no further transition', async () => {
    const { ended, time, sendTaskSuccess, tokenOf, passed } = execution({ Work: token() }, [() => 'ignored']);
    await time.advance(72_000);
    expect(sendTaskSuccess(tokenOf(0), { came: true })).toBe(true);
    expect(await ended).toMatchObject({ status: 'SUCCEEDED', output: { came: true }, transitions: 2 });
    expect(passed()).toBe(72_000);
    expect(sendTaskSuccess(tokenOf(0))).toBe(false);
  });

  it('takes a token that comes before its function has returned, and forgets the function', async () => {
    const { ended, sendTaskSuccess } = execution({ Work: token() }, [
      async ({ payload }) => {
        sendTaskSuccess((payload as { token: string }).token, 'early');
        throw named('TooLate');
      },
    ]);
    expect(await ended).toMatchObject({ status: 'SUCCEEDED', output: 'early' });
  });

  it('fails with its token or its function, and gets another token for another try', async () => {
    const states = { Work: token({ Retry: [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1 }] }) };
    const { ended, time, sendTaskFailure, sendTaskSuccess, tokenOf } = execution(states, [
      () => Promise.reject(named('Broken')),
      () => undefined,
      () => undefined,
    ]);
    await time.advance(1);
    expect(sendTaskSuccess(tokenOf(0))).toBe(false);
    expect(sendTaskFailure(tokenOf(1), 'Refused', 'no')).toBe(true);
    await time.advance(2);
    expect(sendTaskSuccess(tokenOf(2), 'third')).toBe(true);
    expect(await ended).toMatchObject({ output: 'third', transitions: 4 });
  });

  it('times out without a heartbeat, or after all in spite of them', async () => {
    const states = { Work: token({ TimeoutSeconds: 100, HeartbeatSeconds: 30 }) };
    const silent = execution(states, [() => undefined]);
    await silent.time.advance(20);
    expect(silent.sendTaskHeartbeat(silent.tokenOf(0))).toBe(true);
    await silent.time.advance(29);
    expect(silent.history.status).toBe('RUNNING');
    await silent.time.advance(1);
    expect(await silent.ended).toMatchObject({ error: 'States.HeartbeatTimeout' });
    expect(silent.sendTaskHeartbeat(silent.tokenOf(0))).toBe(false);

    const slow = execution(states, [() => undefined]);
    for (let beats = 0; beats < 5; beats++) {
      await slow.time.advance(20);
      slow.sendTaskHeartbeat(slow.tokenOf(0));
    }
    expect(await slow.ended).toMatchObject({ error: 'States.Timeout' });
  });
});

describe('an execution', () => {
  it('is stopped from outside wherever it waits', async () => {
    const inTask = execution({ Work: token() }, [() => undefined]);
    await inTask.time.advance(1);
    inTask.stop('SessionEnded', 'so');
    expect(await inTask.ended).toMatchObject({ status: 'ABORTED', error: 'SessionEnded', cause: 'so' });
    expect(inTask.sendTaskSuccess(inTask.tokenOf(0))).toBe(false);
    const inWait = execution({ Work: { Type: 'Wait', Seconds: 9, Next: 'Done' } });
    inWait.stop('SessionEnded', 'so');
    expect(await inWait.ended).toMatchObject({ status: 'ABORTED', transitions: 1 });
  });

  it('runs out of time', async () => {
    const { ended, time } = execution({ Work: token() }, [() => undefined], { TimeoutSeconds: 600 });
    await time.advance(600);
    expect(await ended).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });

  it('rejects where the runner does not know what to do', async () => {
    const { ended } = execution({ Work: task({ Output: '{% $states.result.Payload.x.y %}' }) }, [() => ({ x: [] })]);
    await expect(ended).rejects.toThrow('the path .y leads through a list');
  });
});

describe('virtual time', () => {
  it('says when nothing more can happen', async () => {
    const { time } = execution({ Work: token() }, [() => undefined]);
    await expect(time.until(() => false)).rejects.toThrow('nothing more happens');
  });
});
