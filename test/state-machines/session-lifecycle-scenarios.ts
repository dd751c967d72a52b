import { answers, forgets, hangs, type Script, throws, wakes } from '#test/support/asl-runner/play';
import type { History } from '#test/support/asl-runner/run-machine';

export interface Scenario {
  readonly name: string;
  readonly script: Script;
  readonly ends: Partial<History>;
  /** The states that follow `Accept Session` and `Claim Slot`, up to the last. */
  readonly passes: readonly string[];
}

const recorded = (fields: object) => answers({ status: 'completed', success: true, error: '', cause: '', ...fields });
const completed = recorded({ success: true });
const failed = recorded({ success: false, error: 'VERIFICATION_FAILED', cause: 'verification failed: tests' });

const plain: Script = {
  'Claim Slot': wakes,
  'Begin Attempt': answers({ attempt: 'begun' }),
  'Run On Agent': wakes,
  'Judge Outcome': answers({ outcome: 'completed' }),
  'Record Outcome': completed,
  'Record Failure': failed,
};

const BEGUN = ['Begin Attempt', 'Has The Attempt Begun?'];
const WORKED = [...BEGUN, 'Run On Agent', 'Judge Outcome', 'Is There An Outcome?'];
const RECORDED = ['Record Outcome', 'Did The Session Succeed?'];
const BROKEN = ['Record Failure', 'Did The Session Succeed?', 'Session Did Not Complete'];

const red = { status: 'FAILED', error: 'VERIFICATION_FAILED', cause: 'verification failed: tests' } as const;

const breaksIn = (state: string, how: string, act: Script[string], passes: readonly string[]): Scenario => ({
  name: `${state} ${how}: the session ends with the reason`,
  script: { ...plain, [state]: act },
  ends: red,
  passes: [...passes, ...BROKEN],
});

/** One way through the machine each. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'the work is done',
    script: plain,
    ends: { status: 'SUCCEEDED', transitions: 10 },
    passes: [...WORKED, ...RECORDED, 'Session Completed'],
  },
  {
    name: 'the work failed',
    script: { ...plain, 'Judge Outcome': answers({ outcome: 'failed' }), 'Record Outcome': failed },
    ends: { ...red, transitions: 10 },
    passes: [...WORKED, ...RECORDED, 'Session Did Not Complete'],
  },
  {
    name: 'the slot is gone again when the attempt begins',
    script: { ...plain, 'Begin Attempt': [answers({ attempt: 'no_slot' }), answers({ attempt: 'begun' })] },
    ends: { status: 'SUCCEEDED', transitions: 13 },
    passes: [...BEGUN, 'Claim Slot', ...WORKED, ...RECORDED, 'Session Completed'],
  },
  {
    name: 'the pause before the attempt is not over when the next run comes to it',
    script: {
      ...plain,
      'Begin Attempt': [answers({ attempt: 'backing_off' }), answers({ attempt: 'begun' })],
      'Schedule Retry': answers({ seconds: 20 }),
    },
    ends: { status: 'SUCCEEDED', transitions: 15 },
    passes: [...BEGUN, 'Schedule Retry', 'Back Off', 'Claim Slot', ...WORKED, ...RECORDED, 'Session Completed'],
  },
  {
    name: 'another run drives the session before the attempt begins',
    script: { ...plain, 'Begin Attempt': answers({ attempt: 'superseded' }) },
    ends: { status: 'SUCCEEDED', transitions: 5 },
    passes: [...BEGUN, 'Settled Elsewhere'],
  },
  {
    name: 'the session has ended before the attempt begins',
    script: { ...plain, 'Begin Attempt': answers({ attempt: 'ended' }), 'Record Outcome': failed },
    ends: { ...red, transitions: 7 },
    passes: [...BEGUN, ...RECORDED, 'Session Did Not Complete'],
  },
  {
    name: 'the work failed in a way that may pass, and is done in the next attempt',
    script: {
      ...plain,
      'Judge Outcome': [answers({ outcome: 'retry' }), answers({ outcome: 'completed' })],
      'Schedule Retry': answers({ seconds: 30 }),
    },
    ends: { status: 'SUCCEEDED', transitions: 18 },
    passes: [...WORKED, 'Schedule Retry', 'Back Off', 'Claim Slot', ...WORKED, ...RECORDED, 'Session Completed'],
  },
  {
    ...breaksIn('Schedule Retry', 'always fails', throws('Busy'), [...WORKED, 'Schedule Retry']),
    script: { ...plain, 'Judge Outcome': answers({ outcome: 'retry' }), 'Schedule Retry': throws('Busy') },
  },
  {
    name: 'the agent is woken while its work is open',
    script: { ...plain, 'Judge Outcome': [answers({ outcome: 'open' }), answers({ outcome: 'completed' })] },
    ends: { status: 'SUCCEEDED', transitions: 13 },
    passes: [...WORKED, 'Run On Agent', 'Judge Outcome', 'Is There An Outcome?', ...RECORDED, 'Session Completed'],
  },
  {
    name: 'another run drives the session when the work is judged',
    script: { ...plain, 'Judge Outcome': answers({ outcome: 'superseded' }) },
    ends: { status: 'SUCCEEDED', transitions: 8 },
    passes: [...WORKED, 'Settled Elsewhere'],
  },
  {
    name: 'every function fails a few times',
    script: {
      ...plain,
      'Claim Slot': [throws('Busy'), wakes],
      'Begin Attempt': [throws('Busy'), hangs, answers({ attempt: 'begun' })],
      'Run On Agent': [throws('Lambda.Unknown'), throws('Busy'), wakes],
      'Judge Outcome': [hangs, answers({ outcome: 'completed' })],
      'Record Outcome': [throws('Busy'), completed],
    },
    ends: { status: 'SUCCEEDED', transitions: 17 },
    passes: [...WORKED, ...RECORDED, 'Session Completed'],
  },
  breaksIn('Claim Slot', 'always fails', throws('Busy'), []),
  breaksIn('Claim Slot', 'waits for more than a year', forgets, []),
  breaksIn('Begin Attempt', 'always fails', throws('Busy'), ['Begin Attempt']),
  breaksIn('Begin Attempt', 'always hangs', hangs, ['Begin Attempt']),
  breaksIn('Begin Attempt', 'answers without saying what', answers({}), ['Begin Attempt']),
  breaksIn('Run On Agent', 'always fails', throws('Busy'), [...BEGUN, 'Run On Agent']),
  breaksIn('Judge Outcome', 'always fails', throws('Busy'), [...BEGUN, 'Run On Agent', 'Judge Outcome']),
  breaksIn('Record Outcome', 'always fails', throws('Busy'), [...WORKED, 'Record Outcome']),
  {
    name: 'a broken execution finds that the agent had done the work',
    script: { ...plain, 'Judge Outcome': throws('Busy'), 'Record Failure': completed },
    ends: { status: 'SUCCEEDED' },
    passes: [
      ...BEGUN,
      'Run On Agent',
      'Judge Outcome',
      'Record Failure',
      'Did The Session Succeed?',
      'Session Completed',
    ],
  },
  {
    name: 'the table cannot be written for a minute',
    script: { ...plain, 'Record Outcome': throws('Busy'), 'Record Failure': throws('Busy') },
    ends: { status: 'FAILED', error: 'OutcomeNotRecorded' },
    passes: [...WORKED, 'Record Outcome', 'Record Failure', 'Outcome Not Recorded'],
  },
];
