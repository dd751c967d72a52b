/** A text with something that a rule must take out (`hides`: what must be gone), or that looks like it and must stay. */
export interface ScrubCase {
  readonly rule: string;
  readonly text: string;
  /** Absent in a near miss, whose text must stay as it is. */
  readonly hides?: string;
  /** The whole text afterwards, where more than the marker matters. */
  readonly becomes?: string;
}

const letters = (count: number) => 'aB3dE5gH7jK9'.repeat(10).slice(0, count);
const capitals = (count: number) => 'AB2CD3EF4GH5'.repeat(10).slice(0, count);
const crockford = (count: number) => '0a1b2c3d4e5f'.repeat(10).slice(0, count);

const hit = (
  rule: string,
  secret: string,
  around: (secret: string) => string = (one) => one,
  becomes?: string,
): ScrubCase => ({
  rule,
  text: around(secret),
  hides: secret,
  ...(becomes === undefined ? {} : { becomes }),
});
const miss = (rule: string, text: string): ScrubCase => ({ rule, text });

const pem = (kind: string) => `-----BEGIN ${kind}PRIVATE KEY-----\n${letters(60)}\n-----END ${kind}PRIVATE KEY-----`;
const jwt = `eyJ${letters(20)}.${letters(30)}.${letters(40)}`;

/** Every rule with hits in the shapes that people write, and with near misses. */
export const scrubCases: readonly ScrubCase[] = [
  hit('private_key', pem(''), (one) => `cat <<E\n${one}\nE`, 'cat <<E\n[REDACTED:private_key]\nE'),
  hit('private_key', pem('RSA ')),
  hit('private_key', pem('EC '), (one) => `-----BEGIN PRIVATE KEY-----\nfirst\n${one}`),
  hit(
    'private_key',
    pem('OPENSSH '),
    (one) => `${one} and ${one}`,
    '[REDACTED:private_key] and [REDACTED:private_key]',
  ),
  miss('private_key', '-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----'),
  miss('private_key', '-----BEGIN PRIVATE KEY----- is how such a file begins'),
  miss('private_key', 'it ends with -----END PRIVATE KEY-----'),
  ...['iorch_live', 'iorch_test', 'eapt', 'enrt'].map((kind) =>
    hit(
      'iorch_key',
      `${kind}_${crockford(12)}_${letters(43)}_${letters(6)}`,
      (one) => `key ${one}.`,
      'key [REDACTED:iorch_key].',
    ),
  ),
  miss('iorch_key', `iorch_prod_${crockford(12)}_${letters(43)}_${letters(6)}`),
  miss('iorch_key', `iorch_test_${crockford(11)}_${letters(43)}_${letters(6)}`),
  hit('webhook_secret', `whsec_${letters(43)}=`),
  miss('webhook_secret', `whsec_${letters(31)}`),
  hit('aws_access_key_id', `AKIA${capitals(16)}`, (one) => `id: ${one},`),
  hit('aws_access_key_id', `ASIA${capitals(16)}`),
  miss('aws_access_key_id', `AKIA${capitals(15)}`),
  miss('aws_access_key_id', `XAKIA${capitals(16)}`),
  miss('aws_access_key_id', `AKIA${capitals(17)}`),
  hit('aws_secret_key', letters(40), (one) => `aws_secret_access_key = "${one}"`),
  hit('aws_secret_key', letters(40), (one) => `AWSSecretKey:${one}`.replace('Secret', 'secret')),
  hit('aws_secret_key', letters(40), (one) => `"aws_key": "${one}"`),
  miss('aws_secret_key', `aws_secret_access_key = ${letters(39)}`),
  miss('aws_secret_key', `digest = ${letters(40)}`),
  ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((kind) => hit('github_token', `${kind}_${letters(36)}`)),
  miss('github_token', `ghp_${letters(35)}`),
  miss('github_token', `ghx_${letters(36)}`),
  hit('github_pat', `github_pat_${letters(22)}_${letters(59)}`),
  miss('github_pat', `github_pat_${letters(21)}`),
  hit('gitlab_token', `glpat-${letters(20)}`),
  miss('gitlab_token', `glpat-${letters(19)}`),
  hit('slack_token', `xoxb-${letters(12)}-${letters(12)}`),
  miss('slack_token', `xoxb-${letters(9)}`),
  miss('slack_token', `xoxz-${letters(12)}`),
  hit('model_provider_key', `sk-ant-${letters(30)}`),
  hit('model_provider_key', `sk-proj-${letters(30)}`),
  miss('model_provider_key', 'sk-button-small'),
  miss('model_provider_key', `task-${letters(30)}`.replace('task-', 'tasks-')),
  hit('google_api_key', `AIza${letters(35)}`),
  miss('google_api_key', `AIza${letters(34)}`),
  hit('stripe_key', `sk_live_${letters(24)}`),
  hit('stripe_key', `rk_test_${letters(24)}`),
  miss('stripe_key', `pk_live_${letters(24)}`),
  miss('stripe_key', `sk_live_${letters(15)}`),
  hit('jwt', jwt, (one) => `token is ${one};`, 'token is [REDACTED:jwt];'),
  hit('jwt', jwt, (one) => `eyJ${letters(9)}-${one}`),
  miss('jwt', `eyJ${letters(20)}.${letters(30)}`),
  miss('jwt', `eyJ${letters(7)}.${letters(30)}.${letters(30)}`),
  hit(
    'authorization_header',
    letters(20),
    (one) => `Authorization: Bearer ${one}`,
    'Authorization: Bearer [REDACTED:authorization_header]',
  ),
  hit('authorization_header', letters(20), (one) => `authorization='basic ${one}'`),
  miss('authorization_header', 'Authorization: Bearer <token>'),
  miss('authorization_header', 'Authorization: Digest abcdefghijkl'),
  hit(
    'url_credentials',
    'ada:hunter2',
    (one) => `clone https://${one}@example.com/r.git`,
    'clone https://[REDACTED:url_credentials]@example.com/r.git',
  ),
  hit('url_credentials', 'app:s3cr3t-pw', (one) => `postgresql://${one}@db:5432/app`),
  miss('url_credentials', 'https://example.com:8080/a@b'),
  miss('url_credentials', 'ssh://git@example.com/r.git'),
  hit('env_secret', letters(16), (one) => `export DB_PASSWORD=${one}`, 'export DB_PASSWORD=[REDACTED:env_secret]'),
  hit(
    'env_secret',
    letters(16),
    (one) => `\n\n  GITHUB_TOKEN=${one} # mine`,
    '\n\n  GITHUB_TOKEN=[REDACTED:env_secret] # mine',
  ),
  hit('env_secret', letters(16), (one) => `A=1\nMY_API_KEY_2=${one}`),
  miss('env_secret', 'TOKEN_LIMIT = 4096'),
  miss('env_secret', 'PASSWORD=short'),
  miss('env_secret', 'BUILD_FOLDER=/usr/local/build'),
  miss('env_secret', 'const API_KEY=abcdefghijkl'),
  miss('env_secret', 'db_password=abcdefghijkl'),
  hit('assigned_secret', letters(16), (one) => `password: "${one}"`, 'password: [REDACTED:assigned_secret]'),
  hit('assigned_secret', letters(16), (one) => `{"client_secret":'${one}'}`),
  hit('assigned_secret', letters(16), (one) => `const apiKey = '${one}';`),
  miss('assigned_secret', 'password = "short"'),
  miss('assigned_secret', 'password = readPassword("prompt for it")'),
  miss('assigned_secret', 'token: "unclosed and\nnext line"'),
  hit('email', 'ada.lovelace+x@mail.example.com', (one) => `by <${one}>`, 'by <[REDACTED:email]>'),
  hit('email', 'x.git@github.com'),
  miss('email', 'git@github.com:acme/shop.git'),
  miss('email', '@decorator.com'),
  miss('email', 'user@localhost'),
  miss('email', 'a @ example.com'),
  hit('card_number', '4111 1111 1111 1111', (one) => `card ${one}!`, 'card [REDACTED:card_number]!'),
  hit('card_number', '5500-0000-0000-0004'),
  hit('card_number', '378282246310005'),
  miss('card_number', '4111 1111 1111 1112'),
  miss('card_number', '411111111111'),
  miss('card_number', '1700000000000'),
];

/** Secrets in shapes that no rule of this version knows: what the figure of recall is short of. */
export const unknownShapes: readonly ScrubCase[] = [
  hit('-', 'correct horse battery staple', (one) => `the password is ${one}`),
  hit('-', letters(32), (one) => `curl -H 'X-Api-Token ${one}'`),
  hit('-', '+49 30 901820', (one) => `call ${one}`),
];

/** What people write that is no secret and that a rule takes for one: what the figure of precision is short of. */
export const harmless: readonly string[] = [
  'token = "placeholder-value"',
  'version 2024 0101 0000 0000 of the tables',
  'index 83db48f..bf269f4 100644',
  'import { readFile } from "node:fs/promises";',
  'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  'const tokens = text.split(" ").length;',
  'See https://example.com/docs?page=2#secret-management',
  'uuid 550e8400-e29b-41d4-a716-446655440000',
  '@@ -1,7 +1,9 @@ export const password = (input: string) => hash(input);',
  'noreply@users.example.org wrote this commit',
];
