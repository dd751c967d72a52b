import { hit, letters, type ScrubCase } from './scrub-cases.ts';

/** A text with what it is, in the words of the page of figures. */
export interface Labelled<T> {
  readonly what: string;
  readonly example: T;
}

const missed = (
  what: string,
  rule: string,
  secret: string,
  around?: (secret: string) => string,
): Labelled<ScrubCase> => ({
  what,
  example: hit(rule, secret, around),
});

/** Secrets in shapes that no rule of this version is made for, under the rule that comes nearest: what recall is short of. */
export const unknownShapes: readonly Labelled<ScrubCase>[] = [
  missed(
    'a PGP private key block',
    'private_key',
    letters(60),
    (one) => `-----BEGIN PGP PRIVATE KEY BLOCK-----\n${one}\n`,
  ),
  missed(
    'a private key without its last line',
    'private_key',
    letters(60),
    (one) => `-----BEGIN PRIVATE KEY-----\n${one}\n`,
  ),
  missed(
    'an AWS secret key under a name of its own',
    'aws_secret_key',
    letters(40),
    (one) => `secretAccessKey: ${one}`,
  ),
  missed(
    'a GitHub token cut into two strings',
    'github_token',
    letters(20),
    (one) => `"ghp_${letters(16)}" + "${one}"`,
  ),
  missed('a GitLab deploy token', 'gitlab_token', letters(20), (one) => `gldt-${one}`),
  missed('a Slack app token', 'slack_token', letters(30), (one) => `xapp-1-${one}`),
  missed('a Hugging Face token', 'model_provider_key', letters(34), (one) => `hf_${one}`),
  missed('a Google OAuth client secret', 'google_api_key', letters(28), (one) => `GOCSPX-${one}`),
  missed('a JWT without a signature', 'jwt', `eyJ${letters(20)}.eyJ${letters(30)}`, (one) => `jwt ${one}.`),
  missed(
    'a header with a scheme of its own',
    'authorization_header',
    letters(24),
    (one) => `Authorization: Token ${one}`,
  ),
  missed('an API key in a header', 'authorization_header', letters(24), (one) => `X-Api-Key: ${one}`),
  missed(
    'a password on a command line',
    'authorization_header',
    'ada:hunter22',
    (one) => `curl -u ${one} https://example.com`,
  ),
  missed('a password without a user in a URL', 'url_credentials', 'hunter22', (one) => `redis://:${one}@cache:6379`),
  missed(
    'a token in place of the user of a URL',
    'url_credentials',
    letters(24),
    (one) => `https://${one}@git.internal/a.git`,
  ),
  missed('a cookie', 'authorization_header', letters(24), (one) => `Cookie: session=${one}`),
  missed(
    'a header that sets a cookie',
    'authorization_header',
    letters(24),
    (one) => `Set-Cookie: sid=${one}; HttpOnly`,
  ),
  missed('a definition for a compiler', 'env_secret', letters(16), (one) => `cmake -DAPI_TOKEN=${one}`),
  missed('a variable in small letters', 'env_secret', letters(16), (one) => `db_password=${one}`),
  missed('a variable in a diff of three', 'env_secret', letters(16), (one) => `++DB_PASSWORD=${one}`),
  missed('a password of fewer than eight letters', 'env_secret', 'hunter2', (one) => `DB_PASSWORD=${one}`),
  missed('a YAML value without quotes', 'assigned_secret', letters(16), (one) => `password: ${one}`),
  missed('a key of Azure storage', 'assigned_secret', letters(60), (one) => `AccountKey=${one}==`),
  missed(
    'an npm token in .npmrc',
    'assigned_secret',
    letters(36),
    (one) => `//registry.npmjs.org/:_authToken=npm_${one}`,
  ),
  missed(
    'a password with a quotation mark in it',
    'assigned_secret',
    `it's-${letters(12)}`,
    (one) => `password = '${one}'`,
  ),
  missed('an address that is not ASCII', 'email', 'jörg@example.com', (one) => `von ${one}`),
  missed('an address that is spelled out', 'email', 'ada at example dot com'),
  missed('a card number with dots', 'card_number', '4111.1111.1111.1111'),
  missed('a secret in a sentence', '–', 'correct horse battery staple', (one) => `the passphrase is ${one}`),
  missed('a telephone number', '–', '+49 30 901820', (one) => `call ${one}`),
  missed('a name and an address', '–', 'Ada Lovelace, 12 St James’s Square', (one) => `send it to ${one}`),
  missed('an IBAN', '–', 'DE89 3704 0044 0532 0130 00', (one) => `pay ${one}`),
];

const plain = (what: string, example: string): Labelled<string> => ({ what, example });

/** What people write that is no secret: what a rule takes of it precision is short of. */
export const harmless: readonly Labelled<string>[] = [
  plain('a Git SHA-1', 'index 83db48f3e2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7..bf269f4 100644'),
  plain('a commit on its line', 'commit 9fceb02d0ae598e95dc970b74767f19372d61af8'),
  plain('a SHA-256', 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
  plain('an MD5', 'd41d8cd98f00b204e9800998ecf8427e  empty.txt'),
  plain(
    'an integrity string of a lockfile',
    '"integrity": "sha512-mC1D7xYyFmTDxQOhQ2mS4TDvGmSoMQ4Z5gkDqVwkqPnGFdAFmK7m9bWGkX7C2k8SJ5sd1J0ARvG8XkBTFpSnTw=="',
  ),
  plain(
    'a checksum of a Python lockfile',
    'hash = "sha256:4a1b6e7c8f90123456789abcdef0123456789abcdef0123456789abcdef01234"',
  ),
  plain('a line of go.sum', 'golang.org/x/text v0.3.7 h1:olpwvP2KacW1ZWvsR7uQhoyTYvKAupfQrRGBFM352Gk='),
  plain('a UUID', 'id: 550e8400-e29b-41d4-a716-446655440000'),
  plain('a ULID', '01JD8X5YB2M0Q4V6T8W1Z3C5E7'),
  plain(
    'an image in base64',
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  ),
  plain(
    'a font in base64',
    'src: url(data:font/woff2;base64,d09GMgABAAAAAAYQAAoAAAAADTAAAAXGAAEAAAAAAAAAAAAAAAAAAAAA)',
  ),
  plain(
    'a source map in base64',
    '//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbXX0=',
  ),
  plain('a public key of SSH', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHn5rQ8fZ1yYxvO0mW2n3k4l5j6h7g8f9d0s1a2q3w4e host'),
  plain('a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'),
  plain('an ARN', 'arn:aws:iam::123456789012:role/deploy'),
  plain('a bucket and its key', 's3://acme-artifacts/2026/11/21/build-000123.tar.gz'),
  plain(
    'a presigned URL without its signature',
    'https://example.com/file?X-Amz-Expires=300&X-Amz-Date=20261121T120000Z',
  ),
  plain('a URL with a port', 'http://localhost:8080/api/v1/sessions'),
  plain('a URL with a query about secrets', 'See https://example.com/docs?page=2#secret-management'),
  plain('a URL of Git over SSH', 'ssh://git@example.com:22/acme/shop.git'),
  plain('a Git remote', 'origin\tgit@github.com:acme/shop.git (fetch)'),
  plain('a package and its version', 'npm install typescript@5.9.3 @biomejs/biome@2.3.4'),
  plain('a decorator', '@app.route("/users")'),
  plain('a media query', '@media (min-width: 640px) { .a { color: red } }'),
  plain('a scoped import', "import { readFile } from 'node:fs/promises';"),
  plain('a variable named tokens', 'const tokens = text.split(" ").length;'),
  plain('a type of a token', 'token: string; refreshToken?: string | undefined;'),
  plain('a password that is read', 'const password = await readPassword("Enter the password: ");'),
  plain('a function about passwords', '@@ -1,7 +1,9 @@ export const password = (input: string) => hash(input);'),
  plain('a limit of tokens', 'MAX_TOKENS=4096'),
  plain('a variable that is read', 'API_KEY="$API_KEY" npm start'),
  plain('a workflow secret that is named', 'NPM_TOKEN: {{ secrets.NPM_TOKEN }}'),
  plain('a header that is described', 'Authorization: Bearer <access token>'),
  plain('a header that is built', 'headers.authorization = "Bearer " + token;'),
  plain('a CSS class of a skeleton', '<div class="sk-circle sk-child"></div>'),
  plain('a marker of this program', 'DB_PASSWORD=[REDACTED:env_secret]'),
  plain('a moment', '2026-11-21T12:00:00.000Z 1795262400'),
  plain('a moment in milliseconds', 'at 1795262400000'),
  plain('dimensions', '1920x1080 3840x2160 7680x4320'),
  plain('a fraction', '3.14159265358979323846'),
  plain('a telephone extension', 'ext. 4111-1111'),
  plain('an ISBN', 'ISBN 978-0-306-40615-7'),
  plain('an order number', 'order 4929-0000-1234-5671 was shipped'),
  plain('a hexadecimal dump', '00000000: 7f45 4c46 0201 0100 0000 0000 0000 0000'),
  plain('a semantic version with a build', '1.2.3-rc.1+sha.5114f85'),
  plain('a Docker digest', 'node@sha256:8f693eaa7e0a8e71560c9a82b55fd54c2ae920a2ba5d2cde28bac7d1c01c9ba5'),
  plain('an IPv6 address', '2001:0db8:85a3:0000:0000:8a2e:0370:7334'),
  plain('coordinates', '52.520008, 13.404954'),
  plain('a row of numbers', '1 2 3 4 5 6 7 8 9 10 11 12'),
  // what the rules take all the same
  plain('a placeholder in quotes', 'token = "placeholder-value"'),
  plain('stars in place of a password', 'password: "********"'),
  plain('a label of a form', 'password: "Your password"'),
  plain('an example of an address', 'noreply@users.example.org wrote this commit'),
  plain('an image for two pixels', '<img src="logo@2x.png">'),
  plain('a unit of systemd', 'systemctl restart getty@tty1.service'),
  plain('a URL with a placeholder for a password', 'postgres://user:password@localhost:5432/test'),
  plain('an address of a token endpoint', 'TOKEN_URL=https://example.com/oauth2'),
  plain('the name of a secret', 'SECRET_NAME=projects/acme/db'),
  plain('a long CSS class', '<i class="sk-folding-cube-animation-wrapper"></i>'),
  plain('the example key of the AWS manual', 'AKIAIOSFODNN7EXAMPLE'),
  plain('zeros in groups of four', 'version 2024 0101 0000 0000 of the tables'),
  plain('the test card of every manual', 'pay with 4242 4242 4242 4242 in test mode'),
];
