import type { EvaluationAnswer } from '#contracts/evaluation';
import { count, percent } from './quantities.ts';
import { fields, table } from './table.ts';

type Model = EvaluationAnswer['candidate'];

/** Decimals that a comparison is precise to. */
const DECIMALS = 4;
const short = (value: number | string | null): string =>
  typeof value === 'number' ? String(Number(value.toFixed(DECIMALS))) : (value ?? 'unknown');

const rate = ({ pass_rate, passed, pairs }: Model) =>
  pass_rate === undefined ? 'unknown' : `${percent(pass_rate)} (${passed} of ${pairs})`;

const interval = ({ interval: ends }: Model) => (ends ? `${ends.map(percent).join(' to ')}` : 'unknown');

const verdict = ({ verdict: found, p_value }: EvaluationAnswer) =>
  found && `${found.replaceAll('_', ' ')}${p_value === undefined ? '' : ` (p ${short(p_value)})`}`;

const leftOut = ({ not_replayed }: EvaluationAnswer) =>
  Object.entries(not_replayed)
    .map(([reason, pairs]) => `${pairs} ${reason}`)
    .join(', ');

const sides = ({ candidate, baseline, text }: EvaluationAnswer) => [
  { name: 'model', candidate: candidate.model_identifier ?? '–', baseline: baseline.model_identifier ?? '–' },
  { name: 'passed', candidate: rate(candidate), baseline: rate(baseline) },
  { name: '95 % interval', candidate: interval(candidate), baseline: interval(baseline) },
  ...(text.items === 0
    ? []
    : [
        {
          name: 'likeness of texts',
          candidate: short(text.candidate_mean ?? null),
          baseline: short(text.baseline_mean ?? null),
        },
      ]),
];

/** A comparison of two models side by side, then what each rule of the gate said. */
export const evaluationReport = (evaluation: EvaluationAnswer, width?: number): string => {
  const { outcome, basis, simulated, both, candidate_only, baseline_only, neither, rules } = evaluation;
  return [
    fields([
      ['outcome', outcome.replaceAll('_', ' ')],
      ['compared by', `${basis}${simulated && basis !== 'simulated' ? ', simulated' : ''}`],
      ['verdict', verdict(evaluation)],
    ]),
    table(
      [
        { title: '', of: ({ name }) => name },
        { title: 'CANDIDATE', of: ({ candidate }) => candidate },
        { title: 'BASELINE', of: ({ baseline }) => baseline },
      ],
      sides(evaluation),
      width,
    ),
    fields([
      ['pairs', `${both} both, ${candidate_only} candidate only, ${baseline_only} baseline only, ${neither} neither`],
      ['left out', leftOut(evaluation) || undefined],
    ]),
    ...(rules.length === 0
      ? []
      : [
          `${count(rules.filter(({ held }) => !held).length, 'rule')} of ${rules.length} not held`,
          table(
            [
              { title: 'RULE', of: ({ name }) => name },
              { title: 'VALUE', of: ({ value }) => short(value), align: 'right' },
              { title: 'THRESHOLD', of: ({ threshold }) => short(threshold), align: 'right' },
              { title: 'HELD', of: ({ held }) => (held ? 'yes' : 'no') },
            ],
            rules,
            width,
          ),
        ]),
  ].join('\n\n');
};
