import type { Tally } from './tally.ts';
import type { Arm } from './trial.ts';

/** How the end of a session was counted, so that a later end of the same session can take its place. */
export interface CountedEnd {
  readonly modelName: string;
  readonly version: string;
  /** Where the session was part of a trial. */
  readonly trial?: number | undefined;
  readonly arm?: Arm | undefined;
  /** What it added; figures of 0 are left out. */
  readonly figures: Partial<Tally>;
}
