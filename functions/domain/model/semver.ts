/** A version of a model: three numbers, and perhaps the name of a build. */
export interface Semver {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly build?: string | undefined;
}

export const BUMPS = ['major', 'minor', 'patch'] as const;
export type Bump = (typeof BUMPS)[number];

/** What a text must match to be a version. Numbers have no leading zeros, so that no two texts mean the same. */
export const VERSION_PATTERN = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-([0-9A-Za-z.-]{1,40}))?$/;

/** The version that a text means; undefined when it is none. */
export const parseVersion = (text: string): Semver | undefined => {
  const [, major, minor, patch, build] = VERSION_PATTERN.exec(text) ?? [];
  if (major === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), ...(build ? { build } : {}) };
};

/** The version as text. */
export const formatVersion = ({ major, minor, patch, build }: Semver): string =>
  `${major}.${minor}.${patch}${build ? `-${build}` : ''}`;

const isNumber = (part: string) => /^\d+$/.test(part);

/** Numbers before words, numbers by value, words by their characters; a part more is later. */
const comparePart = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b) || a.length - b.length;
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1;
  return a < b ? -1 : Number(a > b);
};

const compareBuilds = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  const [ours, theirs] = [a.split('.'), b.split('.')];
  for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
    const order = comparePart(ours[index], theirs[index]);
    if (order !== 0) return order;
  }
  return 0;
};

/** Order of versions: below 0 when the first is the earlier one. A build comes before the plain version. */
export const compareVersions = (a: Semver, b: Semver): number =>
  a.major - b.major || a.minor - b.minor || a.patch - b.patch || compareBuilds(a.build, b.build);

/** The next version. Its build is dropped. */
export const bumpVersion = ({ major, minor, patch }: Semver, bump: Bump): Semver => {
  if (bump === 'major') return { major: major + 1, minor: 0, patch: 0 };
  return bump === 'minor' ? { major, minor: minor + 1, patch: 0 } : { major, minor, patch: patch + 1 };
};

const FIRST: Semver = { major: 1, minor: 0, patch: 0 };

/** The version after the latest of those that are taken; 1.0.0 when none is. */
export const nextVersion = (taken: readonly string[], bump: Bump): string => {
  const known = taken.flatMap((text) => parseVersion(text) ?? []);
  const latest = known.reduce<Semver | undefined>(
    (most, one) => (most === undefined || compareVersions(most, one) < 0 ? one : most),
    undefined,
  );
  return formatVersion(latest === undefined ? FIRST : bumpVersion(latest, bump));
};
