import { type Bump, bumpVersion, formatVersion, parseVersion, type Semver } from './semver.ts';
import { versionOrder } from './version-order.ts';

const FIRST: Semver = { major: 1, minor: 0, patch: 0 };

/** The version after the latest of those that are taken; 1.0.0 when none is. */
export const nextVersion = (taken: readonly string[], bump: Bump): string => {
  const latest = taken
    .flatMap((text) => {
      const version = parseVersion(text);
      return version ? [{ version, order: versionOrder(text) }] : [];
    })
    .reduce<{ version: Semver; order: string } | undefined>(
      (most, one) => (most === undefined || most.order < one.order ? one : most),
      undefined,
    );
  return formatVersion(latest === undefined ? FIRST : bumpVersion(latest.version, bump));
};
