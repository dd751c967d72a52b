import { parseVersion } from './semver.ts';

const DIGITS = 9;
const LENGTH_DIGITS = 2;

/** Sorts before every character of a build, so that the shorter one of two builds comes first. */
const END = '!';
/** Sorts behind every character of a build: the plain version comes after its builds. */
const PLAIN = '~';

const padded = (text: string, digits: number) => text.padStart(digits, '0');

/** Numbers sort by their length and then by their digits; leading zeros come last. */
const partKey = (part: string): string => {
  if (!/^\d+$/.test(part)) return `1${part}${END}`;
  const digits = part.replace(/^0+(?=\d)/, '');
  const [size, written] = [digits, part].map(({ length }) => padded(String(length), LENGTH_DIGITS));
  return `0${size}${digits}${written}${END}`;
};

/**
 * The order of versions: each one's text sorts as the version does, so that a list by key is a list by version. A build comes before
 * its plain version. Injective.
 */
export const versionOrder = (version: string): string => {
  const parsed = parseVersion(version);
  if (parsed === undefined) throw new Error(`${version} is no version`);
  const { major, minor, patch, build } = parsed;
  const numbers = [major, minor, patch].map((number) => padded(String(number), DIGITS)).join('.');
  return `${numbers}${build === undefined ? PLAIN : build.split('.').map(partKey).join('')}`;
};
