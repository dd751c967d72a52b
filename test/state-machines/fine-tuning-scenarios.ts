import { answers, forgets, hangs, type Script, throws, wakes } from '#test/support/asl-runner/play';
import type { History } from '#test/support/asl-runner/run-machine';

export interface TrainingScenario {
  readonly name: string;
  readonly script: Script;
  readonly ends: Partial<History>;
  readonly passes: readonly string[];
}

const judged = (what: string) => answers({ judged: what });
const completed = answers({ status: 'completed', error: 'completed', cause: 'the job is completed' });
const failed = answers({ status: 'failed', error: 'SIMULATED_FAILURE', cause: 'as asked' });

const plain: Script = {
  'Curate Dataset': wakes,
  'Estimate Cost': answers(null),
  'Claim Slot': wakes,
  'Train Model': wakes,
  'Judge Training': judged('evaluate'),
  'Evaluate Model': wakes,
  'Judge Evaluation': judged('register'),
  'Register Model': answers(null),
  Settle: completed,
  'Settle Failure': failed,
  'Record Failure': failed,
};

const READY = ['Curate Dataset', 'Estimate Cost', 'Claim Slot'];
const JUDGED = ['Train Model', 'Judge Training', 'Is The Model Trained?'];
const EVALUATED = ['Evaluate Model', 'Judge Evaluation', 'Is It Evaluated?'];
const REGISTERED = ['Register Model', 'Settle', 'Training Completed'];
const FAILED = ['How Did The Job End?', 'Training Did Not Complete'];
const BROKEN = ['Record Failure', ...FAILED];
const red = { status: 'FAILED', error: 'SIMULATED_FAILURE', cause: 'as asked' } as const;

const breaksIn = (state: string, how: string, act: Script[string], before: readonly string[]): TrainingScenario => ({
  name: `${state} ${how}: the job ends with the reason`,
  script: { ...plain, [state]: act },
  ends: red,
  passes: [...before, state, ...BROKEN],
});

/** One way through the machine each. */
export const scenarios: readonly TrainingScenario[] = [
  {
    name: 'the model is trained, compared and registered',
    script: plain,
    ends: { status: 'SUCCEEDED', transitions: 12 },
    passes: [...READY, ...JUDGED, ...EVALUATED, ...REGISTERED],
  },
  {
    name: 'there is no gate',
    script: { ...plain, 'Judge Training': judged('register') },
    ends: { status: 'SUCCEEDED', transitions: 9 },
    passes: [...READY, ...JUDGED, ...REGISTERED],
  },
  {
    name: 'the training failed',
    script: { ...plain, 'Judge Training': judged('failed') },
    ends: { ...red, transitions: 9 },
    passes: [...READY, ...JUDGED, 'Settle Failure', ...FAILED],
  },
  {
    name: 'somebody else has ended the job when the training is judged',
    script: { ...plain, 'Judge Training': judged('elsewhere') },
    ends: { status: 'SUCCEEDED', transitions: 7 },
    passes: [...READY, ...JUDGED, 'Settled Elsewhere'],
  },
  {
    name: 'it is woken while the dataset is built, while the model is trained and while it is compared',
    script: {
      ...plain,
      'Estimate Cost': [throws('DatasetStillBuilding'), answers(null)],
      'Judge Training': [judged('open'), judged('evaluate')],
      'Judge Evaluation': [judged('open'), judged('register')],
    },
    ends: { status: 'SUCCEEDED', transitions: 20 },
    passes: [...READY.slice(0, 2), ...READY, ...JUDGED, ...JUDGED, ...EVALUATED, ...EVALUATED, ...REGISTERED],
  },
  {
    name: 'the job fails while it is compared',
    script: { ...plain, 'Judge Evaluation': judged('failed') },
    ends: red,
    passes: [...READY, ...JUDGED, ...EVALUATED, 'Settle Failure', ...FAILED],
  },
  {
    name: 'somebody else has ended the job while it was compared',
    script: { ...plain, 'Judge Evaluation': judged('elsewhere') },
    ends: { status: 'SUCCEEDED' },
    passes: [...READY, ...JUDGED, ...EVALUATED, 'Settled Elsewhere'],
  },
  {
    name: 'every function fails a few times',
    script: {
      ...plain,
      'Curate Dataset': [throws('Busy'), wakes],
      'Estimate Cost': [hangs, answers(null)],
      'Claim Slot': [throws('Lambda.Unknown'), wakes],
      'Train Model': [throws('Busy'), throws('Busy'), wakes],
      'Judge Training': [hangs, judged('evaluate')],
      'Evaluate Model': [throws('Busy'), wakes],
      'Judge Evaluation': [throws('Busy'), judged('register')],
      'Register Model': [throws('Busy'), answers(null)],
      Settle: [throws('Busy'), completed],
    },
    ends: { status: 'SUCCEEDED', transitions: 22 },
    passes: [...READY, ...JUDGED, ...EVALUATED, ...REGISTERED],
  },
  breaksIn('Curate Dataset', 'always fails', throws('Busy'), []),
  breaksIn('Curate Dataset', 'waits for more than a year', forgets, []),
  breaksIn('Estimate Cost', 'always fails', throws('Busy'), READY.slice(0, 1)),
  breaksIn('Claim Slot', 'always fails', throws('Busy'), READY.slice(0, 2)),
  breaksIn('Train Model', 'always fails', throws('Busy'), READY),
  breaksIn('Judge Training', 'always fails', throws('Busy'), [...READY, 'Train Model']),
  breaksIn('Judge Training', 'answers without saying what', answers({}), [...READY, 'Train Model']),
  breaksIn('Evaluate Model', 'always fails', throws('Busy'), [...READY, ...JUDGED]),
  breaksIn('Judge Evaluation', 'always fails', throws('Busy'), [...READY, ...JUDGED, 'Evaluate Model']),
  breaksIn('Register Model', 'always fails', throws('Busy'), [...READY, ...JUDGED, ...EVALUATED]),
  {
    name: 'Settle always fails: the model is registered all the same',
    script: { ...plain, Settle: throws('Busy'), 'Record Failure': completed },
    ends: { status: 'SUCCEEDED' },
    passes: [
      ...[...READY, ...JUDGED, ...EVALUATED, 'Register Model', 'Settle'],
      ...['Record Failure', 'How Did The Job End?', 'Training Completed'],
    ],
  },
  {
    name: 'the version of the job is another one by the time that it is registered',
    script: { ...plain, 'Register Model': throws('ModelNotRegistered') },
    ends: red,
    passes: [...READY, ...JUDGED, ...EVALUATED, 'Register Model', 'Settle Failure', ...FAILED],
  },
  {
    name: 'somebody else ends the job before it is registered',
    script: {
      ...plain,
      'Register Model': throws('ModelNotRegistered'),
      'Settle Failure': answers({ status: 'cancelled', error: 'cancelled', cause: 'the job is cancelled' }),
    },
    ends: { status: 'SUCCEEDED' },
    passes: [
      ...[...READY, ...JUDGED, ...EVALUATED, 'Register Model', 'Settle Failure'],
      ...['How Did The Job End?', 'Settled Elsewhere'],
    ],
  },
  {
    ...breaksIn('Settle Failure', 'always fails', throws('Busy'), [...READY, ...JUDGED]),
    script: { ...plain, 'Judge Training': judged('failed'), 'Settle Failure': throws('Busy') },
  },
  {
    name: 'the table cannot be written for a minute',
    script: { ...plain, Settle: throws('Busy'), 'Record Failure': throws('Busy') },
    ends: { status: 'FAILED', error: 'FailureNotRecorded' },
    passes: [...READY, ...JUDGED, ...EVALUATED, 'Register Model', 'Settle', 'Record Failure', 'Failure Not Recorded'],
  },
];
