import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isFurther,
  isLegalTrainingMove,
  isTerminalTraining,
  TRAINING_STATUSES,
  type TrainingStatus,
} from '#domain/training-job/status';

const LEGAL: ReadonlySet<string> = new Set([
  'pending>queued',
  'pending>cancelled',
  'queued>running',
  'queued>failed',
  'queued>cancelled',
  'running>evaluating',
  'running>completed',
  'running>failed',
  'running>cancelled',
  'evaluating>completed',
  'evaluating>failed',
  'evaluating>cancelled',
  'failed>pending',
  'cancelled>pending',
]);

const pairs = TRAINING_STATUSES.flatMap((from) => TRAINING_STATUSES.map((to) => ({ from, to })));
const status = fc.constantFrom<TrainingStatus>(...TRAINING_STATUSES);

describe('the statuses of a training job', () => {
  it('are seven, which makes 49 pairs', () => expect(pairs).toHaveLength(49));

  it.each(pairs)('$from to $to is as the table says', ({ from, to }) => {
    expect(isLegalTrainingMove(from, to)).toBe(LEGAL.has(`${from}>${to}`));
  });

  it('lead only forward, except for a retry', () => {
    fc.assert(
      fc.property(status, status, (from, to) => {
        if (isLegalTrainingMove(from, to)) expect(isFurther(from, to) || to === 'pending').toBe(true);
        expect(isFurther(from, to) && isFurther(to, from)).toBe(false);
        if (isTerminalTraining(from)) expect(isFurther(from, to)).toBe(false);
      }),
    );
  });

  it('are ended by three of them', () => {
    expect(TRAINING_STATUSES.filter(isTerminalTraining)).toEqual(['completed', 'failed', 'cancelled']);
  });
});
