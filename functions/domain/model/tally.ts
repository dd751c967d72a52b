/**
 * What the ended sessions of a model version add up to. Whole numbers, so that their sums do not hang on the order of the ends, and
 * what was added can be taken away again.
 */
export interface Tally {
  readonly sessions: number;
  readonly completed: number;
  /** Cancelled or stopped: they say nothing about the version. */
  readonly calledOff: number;
  /** Sessions whose success rate is known. */
  readonly rated: number;
  /** Sum of the known success rates, in millionths. */
  readonly successMillionths: number;
  /** Sum of the costs, in millionths of a USD. */
  readonly costMicros: number;
  /** Sum of the working times, in milliseconds. */
  readonly activeMs: number;
}

export const NO_TALLY: Tally = {
  sessions: 0,
  completed: 0,
  calledOff: 0,
  rated: 0,
  successMillionths: 0,
  costMicros: 0,
  activeMs: 0,
};

const FIGURES = Object.keys(NO_TALLY) as (keyof Tally)[];

/** What has to be added to a tally for it to count the one in place of the other. Figures that stay are left out. */
export const tallyChange = (from: Partial<Tally> | undefined, to: Partial<Tally> | undefined): Partial<Tally> =>
  Object.fromEntries(
    FIGURES.map((name) => [name, (to?.[name] ?? 0) - (from?.[name] ?? 0)] as const).filter(([, by]) => by !== 0),
  );

const MILLION = 1e6;
const SECOND_MS = 1000;

/** The mean of known values; null where there is none. */
const mean = (sum: number, count: number, decimals: number): number | null =>
  count === 0 ? null : Math.round((sum / count) * 10 ** decimals) / 10 ** decimals;

/** Mean of the known success rates; null where none is known. */
export const averageSuccessRate = ({ successMillionths, rated }: Tally): number | null =>
  mean(successMillionths / MILLION, rated, 6);

/** Mean cost of a session in USD; null without a session. */
export const averageCostUsd = ({ costMicros, sessions }: Tally): number | null =>
  mean(costMicros / MILLION, sessions, 6);

/** Mean working time of a session in seconds; null without a session. */
export const averageActiveSeconds = ({ activeMs, sessions }: Tally): number | null =>
  mean(activeMs / SECOND_MS, sessions, 3);
