import { type AliasStacks, CHALLENGER, CHAMPION, versionAt } from './alias-stacks.ts';

export const ARMS = ['champion', 'challenger'] as const;
/** Which of two versions a session of a trial got. */
export type Arm = (typeof ARMS)[number];

/** A time in which some of the sessions that asked for the champion tried the challenger. Both versions are the same throughout. */
export interface Trial {
  /** Number of the model's event that began it. */
  readonly number: number;
  readonly champion: string;
  readonly challenger: string;
  readonly since: string;
  /** Absent while it is under way. */
  readonly endedAt?: string | undefined;
}

/** A model remembers so many trials. */
export const KEPT_TRIALS = 10;

interface Tried {
  readonly aliases: AliasStacks;
  readonly challengerPercent: number;
  readonly trials?: readonly Trial[] | undefined;
}

/** The trial that is under way. */
export const openTrial = ({ trials = [] }: Pick<Tried, 'trials'>): Trial | undefined => {
  const newest = trials.at(-1);
  return newest?.endedAt === undefined ? newest : undefined;
};

/** The versions that are to be tried against each other: there is a share, and the two differ. */
const opponents = ({ aliases, challengerPercent }: Tried) => {
  const [champion, challenger] = [versionAt(aliases, CHAMPION), versionAt(aliases, CHALLENGER)];
  if (challengerPercent === 0 || champion === undefined || challenger === undefined || champion === challenger)
    return undefined;
  return { champion, challenger };
};

/**
 * The trials of a model after its event `number`. One begins when a share is given to a challenger that is not the champion, and
 * anew when either of the two moves; it ends with that, and when the share is taken away. Another share changes nothing.
 */
export const followTrials = (model: Tried, { number, at }: { readonly number: number; readonly at: string }) => {
  const { trials = [] } = model;
  const [open, wanted] = [openTrial(model), opponents(model)];
  if (open?.champion === wanted?.champion && open?.challenger === wanted?.challenger) return trials;
  const ended = open ? [...trials.slice(0, -1), { ...open, endedAt: at }] : trials;
  // one that began in this very change had no session
  const real = ended.filter(({ since, endedAt }) => since !== endedAt);
  return (wanted ? [...real, { number, ...wanted, since: at }] : real).slice(-KEPT_TRIALS);
};
