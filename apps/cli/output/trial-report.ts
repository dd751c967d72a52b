import type { TrialAnswer } from '#contracts/model';
import { dollars, duration, percent } from './quantities.ts';
import { fields, table } from './table.ts';

type Arm = TrialAnswer['champion'];

const UNKNOWN = 'unknown';
const SECOND_MS = 1000;
/** Decimals that a comparison is precise to. */
const DECIMALS = 4;

const shown = (value: number | null, show: (known: number) => string) => (value === null ? UNKNOWN : show(value));

const ROWS: readonly { readonly name: string; readonly of: (arm: Arm) => string }[] = [
  { name: 'version', of: ({ version, simulated }) => `${version}${simulated ? ' (simulated)' : ''}` },
  { name: 'sessions', of: ({ sessions }) => String(sessions) },
  { name: 'completed', of: ({ completed }) => String(completed) },
  { name: 'called off', of: ({ called_off }) => String(called_off) },
  { name: 'completion rate', of: ({ completion_rate }) => shown(completion_rate, percent) },
  { name: '95 % interval', of: ({ interval }) => interval?.map(percent).join(' to ') ?? UNKNOWN },
  { name: 'average success', of: ({ average_success_rate }) => shown(average_success_rate, percent) },
  { name: 'average cost', of: ({ average_cost_usd }) => shown(average_cost_usd, dollars) },
  {
    name: 'average work',
    of: ({ average_active_seconds }) => shown(average_active_seconds, (seconds) => duration(seconds * SECOND_MS)),
  },
];

const verdict = ({ verdict: found, p_value }: TrialAnswer) =>
  found === null || p_value === null
    ? 'none yet: one of the two has no session that counts'
    : `the challenger is ${found.replaceAll('_', ' ')} (p ${Number(p_value.toFixed(DECIMALS))})`;

const oneTrial = (trial: TrialAnswer, width?: number): string =>
  [
    fields([
      ['since', trial.since],
      ['until', trial.ended_at ?? 'now'],
      ['verdict', verdict(trial)],
      ['simulated', trial.simulated ? 'a base model stood in for a version that was never trained' : undefined],
    ]),
    table(
      [
        { title: '', of: ({ name }) => name },
        { title: 'CHALLENGER', of: ({ of }) => of(trial.challenger) },
        { title: 'CHAMPION', of: ({ of }) => of(trial.champion) },
      ],
      ROWS,
      width,
    ),
  ].join('\n\n');

/** Trials of a challenger, each with both arms side by side. */
export const trialReport = (modelName: string, trials: readonly TrialAnswer[], width?: number): string =>
  trials.length === 0
    ? `no challenger of ${modelName} was tried yet; iorch train model challenge ${modelName} --percent 20 begins it`
    : trials.map((trial) => oneTrial(trial, width)).join('\n\n\n');
