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

/** The next version. Its build is dropped. */
export const bumpVersion = ({ major, minor, patch }: Semver, bump: Bump): Semver => {
  if (bump === 'major') return { major: major + 1, minor: 0, patch: 0 };
  return bump === 'minor' ? { major, minor: minor + 1, patch: 0 } : { major, minor, patch: patch + 1 };
};
