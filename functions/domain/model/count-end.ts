import { activeSecondsAt, type SessionLive } from '#domain/session/live';
import type { Session } from '#domain/session/session';
import { CHALLENGER } from './alias-stacks.ts';
import type { CountedEnd } from './counted-end.ts';
import { type ModelResolution, parseRegistryName } from './resolve-model.ts';
import { NO_TALLY, type Tally, tallyChange } from './tally.ts';
import type { Arm } from './trial.ts';

const MILLION = 1e6;
const SECOND_MS = 1000;
/** No session counts for more (10,000 USD, 115 days): sums of a million of them are still whole numbers that a table can keep. */
const MOST = 1e10;

const whole = (value: number) => Math.min(MOST, Math.round(value));

const figuresOf = ({ status, successRate }: Session, live: SessionLive, now: number): Partial<Tally> => {
  const isCalledOff = status === 'cancelled' || status === 'stopped';
  // one that was called off may still carry the rate of an attempt before
  const rate = isCalledOff ? undefined : successRate;
  return tallyChange(NO_TALLY, {
    sessions: 1,
    completed: status === 'completed' ? 1 : 0,
    calledOff: isCalledOff ? 1 : 0,
    rated: rate === undefined ? 0 : 1,
    successMillionths: Math.round((rate ?? 0) * MILLION),
    costMicros: whole(live.usage.costUsd * MILLION),
    activeMs: whole(activeSecondsAt(live, now) * SECOND_MS),
  });
};

const placeOf = ({ requested, version, alias, trial }: ModelResolution): Omit<CountedEnd, 'figures'> => {
  const { modelName } = parseRegistryName(requested);
  if (trial === undefined) return { modelName, version };
  return { modelName, version, trial, arm: alias === CHALLENGER ? 'challenger' : 'champion' };
};

/**
 * What an ended session counts for. A session counts once, for the version that last had an agent at work on it. Undefined where that
 * is none: the work named no model of the registry, no agent got it, it was done to judge a trained model, or by its result no real
 * model did it although the version is one.
 */
export const countedEnd = (
  ended: Session,
  live: SessionLive | undefined,
  now: number,
  isSimulated = false,
): CountedEnd | undefined => {
  if (live?.servedBy === undefined || ended.evaluates) return undefined;
  if (isSimulated && !live.servedBy.simulated) return undefined;
  return { ...placeOf(live.servedBy), figures: figuresOf(ended, live, now) };
};

/** A tally that an end changes, and by what. */
export interface TallyChange {
  readonly modelName: string;
  readonly of: { readonly version: string } | { readonly trial: number; readonly arm: Arm };
  readonly by: Partial<Tally>;
}

const tallied = ({ modelName, version, trial, arm, figures }: CountedEnd) => [
  { modelName, of: { version }, figures },
  ...(trial === undefined || arm === undefined ? [] : [{ modelName, of: { trial, arm }, figures }]),
];

/** The tallies that change when a session counts as `now` in place of `before`: each of them once, and none that stays. */
export const tallyChanges = (before: CountedEnd | undefined, now: CountedEnd): readonly TallyChange[] => {
  const [removed, added] = [before ? tallied(before) : [], tallied(now)];
  const nameOf = ({ modelName, of }: Pick<TallyChange, 'modelName' | 'of'>) => JSON.stringify([modelName, of]);
  const places = new Map([...removed, ...added].map((one) => [nameOf(one), one]));
  return [...places].flatMap(([name, { modelName, of }]) => {
    const figures = (all: typeof removed) => all.find((one) => nameOf(one) === name)?.figures;
    const by = tallyChange(figures(removed), figures(added));
    return Object.keys(by).length === 0 ? [] : [{ modelName, of, by }];
  });
};
