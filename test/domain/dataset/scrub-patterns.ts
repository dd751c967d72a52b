const luhn = (text: string) => {
  const digits = text.replace(/\D/g, '');
  const sum = [...digits].reduce((total, digit, index) => {
    const isDoubled = (digits.length - index) % 2 === 0;
    const value = Number(digit) * (isDoubled ? 2 : 1);
    return total + Math.floor(value / 10) + (value % 10);
  }, 0);
  return sum % 10 === 0;
};

const by =
  (name: string, pattern: RegExp, kept: 'nothing' | '$1' | '$1 and @' = 'nothing') =>
  (text: string): string =>
    text.replace(pattern, (_match: string, before: string) => {
      const marker = `[REDACTED:${name}]`;
      return kept === 'nothing' ? marker : `${before}${marker}${kept === '$1 and @' ? '@' : ''}`;
    });

/**
 * The rules of version 2 as they are defined: one pattern each, which may look at a text as often as it likes. The product's own rules read
 * a text a bounded number of times, and have to take the same. They are those of version 1 but for `env_secret`, which may follow the sign
 * of a line of a diff and stand within a line, and leaves references, numbers and names of what is said about a secret.
 */
export const patternRules: Readonly<Record<string, (text: string) => string>> = {
  private_key: by(
    'private_key',
    /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----[\s\S]*?-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----/g,
  ),
  iorch_key: by(
    'iorch_key',
    /\b(?:iorch_(?:live|test)|eapt|enrt)_[0-9a-hjkmnp-tv-z]{12}_[A-Za-z0-9_-]{43}_[0-9A-Za-z]{6}\b/g,
  ),
  webhook_secret: by('webhook_secret', /\bwhsec_[A-Za-z0-9+/]{32,}={0,2}/g),
  aws_access_key_id: by('aws_access_key_id', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g),
  aws_secret_key: by(
    'aws_secret_key',
    /\baws_?(?:secret)?_?(?:access)?_?key['"]?\s*[:=]\s*['"]?[A-Za-z0-9/+=]{40}\b/gi,
  ),
  github_token: by('github_token', /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g),
  github_pat: by('github_pat', /\bgithub_pat_[A-Za-z0-9_]{22,255}\b/g),
  gitlab_token: by('gitlab_token', /\bglpat-[A-Za-z0-9_-]{20,}/g),
  slack_token: by('slack_token', /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g),
  model_provider_key: by('model_provider_key', /\bsk-[A-Za-z0-9_-]{20,}/g),
  google_api_key: by('google_api_key', /\bAIza[0-9A-Za-z_-]{35}/g),
  stripe_key: by('stripe_key', /\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,}\b/g),
  jwt: by('jwt', /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g),
  authorization_header: by(
    'authorization_header',
    /\b(authorization\s*[:=]\s*['"]?(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}/gi,
    '$1',
  ),
  url_credentials: by('url_credentials', /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/:@]+:[^\s/@]+@/gi, '$1 and @'),
  env_secret: by(
    'env_secret',
    /(?<!\b(?:const|let|var) )(?<=^[+-]?|[\s"'`;|&(]|--env=|\\[nrt])((?![A-Z0-9_]+_(?:NAME|PREFIX|SUFFIX|URL|URI|FILE|PATH|DIR|TYPE|ARN|LIMIT|COUNT|LENGTH|SIZE|TTL)=)[A-Z0-9_]*(?:SECRET|TOKEN|PASSWORD|PASSWD|API_KEY|ACCESS_KEY|PRIVATE_KEY)[A-Z0-9_]*=)(?!\[REDACTED:|[=>`]|\$[{(]|\$\w+(?:[\s'"#;|&)\\/:,`]|(?![\s\S]))|<[^<>\n]*>|\d[\d_.]*(?:[\s'"#;|&)\\,`]|(?![\s\S]))|process\.env|import\.meta\.env|os\.(?:environ|getenv))[^\s'"#]{7,}[^\s'"#\\]/gm,
    '$1',
  ),
  assigned_secret: by(
    'assigned_secret',
    /((?:api[_-]?key|secret|token|passwd|password|client[_-]?secret)['"]?\s*[:=]\s*)(['"])[^'"\n]{8,}\2/gi,
    '$1',
  ),
  email: by('email', /\b(?!git@)[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,24}\b/g),
  card_number: (text) =>
    text.replace(/\b\d(?:[ -]?\d){12,18}\b/g, (match) => (luhn(match) ? '[REDACTED:card_number]' : match)),
};
