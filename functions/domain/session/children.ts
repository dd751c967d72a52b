import type { Session } from './session.ts';

type Counted = Pick<Session, 'childCount' | 'childChanges'>;

const counted = <T extends Counted>(parent: T, by: 1 | -1): T => ({
  ...parent,
  childCount: Math.max(0, (parent.childCount ?? 0) + by),
  childChanges: (parent.childChanges ?? 0) + 1,
});

/** A parent with one child more. No event announces it, so its version stays. */
export const withChild = <T extends Counted>(parent: T): T => counted(parent, 1);

/** A parent with one child less. */
export const withoutChild = <T extends Counted>(parent: T): T => counted(parent, -1);

/** Differs after every change of a head, also after those that no event announces. */
export const headRevision = ({ version, childChanges = 0 }: Counted & Pick<Session, 'version'>): number =>
  version + childChanges;
