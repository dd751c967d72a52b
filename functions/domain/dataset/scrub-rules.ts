/**
 * Version of the rules below. Samples name it, so that a later version can be told apart. Version 1 knew no variable in an added or removed
 * line of a diff, which is where a sample's output would give one away, and none within a line.
 */
export const REDACTION_VERSION = 2;

/** What a rule does with one match: the text around the secret that stays. Undefined: the match is none after all. */
type Kept = readonly [before: string, after: string];

/** One kind of secret or personal data. `find` names every match in the order of the text. */
export interface ScrubRule {
  readonly name: string;
  readonly apply: (text: string, onMatch: () => void) => string;
}

const markerOf = (name: string) => `[REDACTED:${name}]`;

/**
 * A rule by its pattern. Patterns read every character a bounded number of times, whatever the text: where a run of characters counts
 * only with what follows it, what follows is optional in the pattern, so that a run without it is passed over as a whole and not read
 * again from each of its characters; `kept` then refuses it.
 */
const rule = (
  name: string,
  pattern: RegExp,
  kept: (groups: readonly (string | undefined)[], match: string) => Kept | undefined = () => ['', ''],
): ScrubRule => ({
  name,
  apply: (text, onMatch) =>
    text.replace(pattern, (match: string, ...rest: unknown[]) => {
      const around = kept(rest as (string | undefined)[], match);
      if (around === undefined) return match;
      const replaced = `${around[0]}${markerOf(name)}${around[1]}`;
      // a marker that is found again is no new secret
      if (replaced !== match) onMatch();
      return replaced;
    }),
});

const KEY_MARKER = /-----(BEGIN|END) (?:[A-Z0-9]+ )*PRIVATE KEY-----/g;

/** From each first marker of a beginning to the next one of an end. By hand: a pattern would look for the end from every beginning. */
const privateKey: ScrubRule = {
  name: 'private_key',
  apply(text, onMatch) {
    let scrubbed = '';
    let done = 0;
    let begin: number | undefined;
    for (const { 0: marker, 1: kind, index } of text.matchAll(KEY_MARKER)) {
      if (kind === 'BEGIN') begin ??= index;
      else if (begin !== undefined) {
        onMatch();
        scrubbed += text.slice(done, begin) + markerOf('private_key');
        done = index + marker.length;
        begin = undefined;
      }
    }
    return scrubbed + text.slice(done);
  },
};

/** Whether the digits carry the check digit of payment cards. */
const holdsLuhn = (text: string): boolean => {
  const digits = [...text.replace(/[ -]/g, '')].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => {
    const counted = index % 2 === 0 ? digit : digit * 2;
    return total + (counted > 9 ? counted - 9 : counted);
  }, 0);
  return sum % 10 === 0;
};

/** Where the name of a variable may begin: after the sign of a line of a diff, in quotes, as one command of several. Never within a name. */
const BEFORE_NAME = /(?<=^[+-]?|[\s"'`;|&(]|\\[nrt]|--env=)(?<!\b(?:const|let|var) )/;
const SECRET_NAME = /(?=[A-Z0-9_]*(?:SECRET|TOKEN|PASSWORD|PASSWD|API_KEY|ACCESS_KEY|PRIVATE_KEY))/;
/** Names of what is said about a secret: where it lies, how long it holds. */
const NO_SECRET_NAME =
  /(?![A-Z0-9_]*_(?:NAME|PREFIX|SUFFIX|URL|URI|FILE|PATH|DIR|TYPE|ARN|LIMIT|COUNT|LENGTH|SIZE|TTL)=)/;
/** Values that only say where the secret is to be had, numbers, and what makes of the `=` an operator. */
const NO_SECRET_VALUE =
  /(?!\[REDACTED:|[=>`]|\$[{(]|\$\w+(?![^\s'"#;|&)\\/:,`])|<[^<>\n]*>|\d[\d_.]*(?![^\s'"#;|&)\\,`])|process\.env|import\.meta\.env|os\.(?:environ|getenv))/;
// a value does not end with the backslash of a quotation mark after it
const SECRET_VALUE = /[^\s'"#]{7,}[^\s'"#\\]/;
const ENV_SECRET = new RegExp(
  `${BEFORE_NAME.source}${SECRET_NAME.source}${NO_SECRET_NAME.source}([A-Z0-9_]+=)${NO_SECRET_VALUE.source}${SECRET_VALUE.source}`,
  'gm',
);
const first: (groups: readonly (string | undefined)[]) => Kept = ([before]) => [`${before}`, ''];

/** In the order in which they run. */
export const SCRUB_RULES: readonly ScrubRule[] = [
  privateKey,
  rule('iorch_key', /\b(?:iorch_(?:live|test)|eapt|enrt)_[0-9a-hjkmnp-tv-z]{12}_[A-Za-z0-9_-]{43}_[0-9A-Za-z]{6}\b/g),
  rule('webhook_secret', /\bwhsec_[A-Za-z0-9+/]{32,}={0,2}/g),
  rule('aws_access_key_id', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g),
  rule('aws_secret_key', /\baws_?(?:secret)?_?(?:access)?_?key['"]?\s*[:=]\s*['"]?[A-Za-z0-9/+=]{40}\b/gi),
  rule('github_token', /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g),
  rule('github_pat', /\bgithub_pat_[A-Za-z0-9_]{22,255}\b/g),
  rule('gitlab_token', /\bglpat-[A-Za-z0-9_-]{20,}/g),
  rule('slack_token', /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g),
  rule('model_provider_key', /\bsk-[A-Za-z0-9_-]{20,}/g),
  rule('google_api_key', /\bAIza[0-9A-Za-z_-]{35}/g),
  rule('stripe_key', /\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,}\b/g),
  rule('jwt', /\beyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})?/g, ([rest]) =>
    rest === undefined ? undefined : ['', ''],
  ),
  rule('authorization_header', /\b(authorization\s*[:=]\s*['"]?(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}/gi, first),
  rule('url_credentials', /\b([a-z][a-z0-9+.-]*)(:\/\/[^\s/:@]+:[^\s/@]+@)?/gi, ([scheme, credentials]) =>
    credentials === undefined ? undefined : [`${scheme}://`, '@'],
  ),
  rule('env_secret', ENV_SECRET, first),
  rule(
    'assigned_secret',
    /((?:api[_-]?key|secret|token|passwd|password|client[_-]?secret)['"]?\s*[:=]\s*)(['"])[^'"\n]{8,}\2/gi,
    first,
  ),
  rule('email', /\b(?!git@)[A-Za-z0-9._%+-]+(@[A-Za-z0-9.-]+\.[A-Za-z]{2,24}\b)?/g, ([host]) =>
    host === undefined ? undefined : ['', ''],
  ),
  rule('card_number', /\b\d(?:[ -]?\d){12,18}\b/g, (_, match) => (holdsLuhn(match) ? ['', ''] : undefined)),
];
