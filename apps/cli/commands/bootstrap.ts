import { type Context, printJson } from '#apps/cli/context';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { fields } from '#apps/cli/output/table';
import { Refusal } from '#apps/cli/refusal';
import { makeClient } from '#contracts/client';

export interface BootstrapOptions {
  readonly email: string;
  readonly name: string;
  readonly tenant: string;
  readonly slug: string;
  readonly apiUrl?: string;
  readonly stage?: string;
  readonly token?: string;
  readonly json?: boolean;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

const apiUrlOf = (context: Context, given: string | undefined): string => {
  const url = given ?? context.env['IORCH_API_URL'];
  if (!url) {
    throw new Refusal('Which API?', {
      remedy: 'Give --api-url: cdk deploy prints it as ApiUrl. The local cloud needs no bootstrap, npm start does it.',
    });
  }
  if (!URL.canParse(url)) throw new Refusal(`This is no URL: ${url}`);
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && !LOOPBACK.includes(hostname)) {
    throw new Refusal(`The token would go to ${hostname} unencrypted.`, { remedy: 'Give an https address.' });
  }
  return url;
};

const tokenFor = async (context: Context, { token, stage = 'prod' }: BootstrapOptions): Promise<string> => {
  if (token === undefined) return context.bootstrapToken(stage);
  return token === '-' ? (await context.readStdin()).trim() : token;
};

/** `iorch bootstrap`: the first admin, the first tenant, and the admin's key, which is shown this once. */
export const bootstrap =
  (context: Context) =>
  async (options: BootstrapOptions): Promise<ExitCode> => {
    const baseUrl = apiUrlOf(context, options.apiUrl);
    const bootstrap_token = await tokenFor(context, options);
    const { email, name: full_name, tenant: tenant_name, slug: tenant_slug } = options;
    const answer = await makeClient({ baseUrl }).call('bootstrapPlatform', {
      body: { bootstrap_token, email, full_name, tenant_name, tenant_slug },
    });
    const { admin, tenant, api_key } = answer;
    if (options.json) printJson(context, answer);
    else {
      context.terminal.out(
        fields([
          ['admin', `${admin.full_name} <${admin.email}>`],
          ['tenant', `${tenant.name} (${tenant.id})`],
          ['key', api_key.key ?? undefined],
          ['expires', api_key.expires_at],
        ]),
      );
      context.terminal.err('The key is shown this once: keep it where you keep passwords.');
    }
    return exitCode.done;
  };
