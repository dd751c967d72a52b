import { type Verdict, verdictOf } from '#domain/evaluation/compare';
import { fisherExact } from '#domain/evaluation/fisher-exact';
import { type Interval, wilsonInterval } from '#domain/evaluation/interval';
import { averageActiveSeconds, averageCostUsd, averageSuccessRate, type Tally } from './tally.ts';

/** What the sessions of one arm came to. Null where nobody knows. */
export interface ArmFigures {
  readonly sessions: number;
  readonly completed: number;
  readonly calledOff: number;
  /** Completed ones among those that nobody called off. */
  readonly completionRate: number | null;
  readonly interval: Interval | null;
  readonly averageSuccessRate: number | null;
  readonly averageCostUsd: number | null;
  readonly averageActiveSeconds: number | null;
}

/** Both arms, and how sure it is that they differ. */
export interface ArmComparison {
  readonly champion: ArmFigures;
  readonly challenger: ArmFigures;
  readonly pValue: number | null;
  /** Of the challenger. Null while one of the two has no session that counts. */
  readonly verdict: Verdict | null;
}

/** Sessions whose end says something about the version. */
const decided = ({ sessions, calledOff }: Tally): number => sessions - calledOff;

const figuresOf = (tally: Tally): ArmFigures => ({
  sessions: tally.sessions,
  completed: tally.completed,
  calledOff: tally.calledOff,
  completionRate: decided(tally) === 0 ? null : tally.completed / decided(tally),
  interval: wilsonInterval(tally.completed, decided(tally)) ?? null,
  averageSuccessRate: averageSuccessRate(tally),
  averageCostUsd: averageCostUsd(tally),
  averageActiveSeconds: averageActiveSeconds(tally),
});

/** The challenger beside the champion, by the sessions that each of them completed. */
export const compareArms = (champion: Tally, challenger: Tally): ArmComparison => {
  const arms = { champion: figuresOf(champion), challenger: figuresOf(challenger) };
  const [was, is] = [arms.champion.completionRate, arms.challenger.completionRate];
  if (was === null || is === null) return { ...arms, pValue: null, verdict: null };
  const observed = (tally: Tally) => ({ passed: tally.completed, observed: decided(tally) });
  const pValue = fisherExact(observed(challenger), observed(champion));
  return { ...arms, pValue, verdict: verdictOf(pValue, is - was) };
};
