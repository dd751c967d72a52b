import type { Connection } from '#apps/cli/configuration';
import type { Context } from '#apps/cli/context';
import { explainError } from '#apps/cli/explain-error';
import { Refusal } from '#apps/cli/refusal';
import { type Finding, fail, ok, warn } from './finding.ts';

const SECOND_MS = 1000;
const NOTICED_SKEW_MS = 5 * SECOND_MS;
const LARGEST_SKEW_MS = 300 * SECOND_MS;

const explained = (check: string, error: unknown): Finding => {
  if (error instanceof Refusal) return fail(check, error.message, error.remedy, error.code);
  const { code, lines } = explainError(error);
  const [detail = '', ...rest] = lines.map((line) => line.replace(/^iorch: /, '').trim());
  const remedy = rest.find((line) => line.startsWith('→'))?.replace(/^→ /, '');
  return fail(check, detail, remedy, code);
};

/** How far this machine's clock is from the API's. */
const clockFinding = (serverTime: string, here: number): Finding => {
  const skewMs = Date.parse(serverTime) - here;
  const text = `${Math.abs(skewMs / SECOND_MS).toFixed(1)} s ${skewMs > 0 ? 'behind' : 'ahead of'} the API`;
  if (Math.abs(skewMs) <= NOTICED_SKEW_MS) return ok('clock', text);
  const remedy = 'Let the system set the clock by NTP.';
  return Math.abs(skewMs) > LARGEST_SKEW_MS ? fail('clock', text, remedy) : warn('clock', text, remedy);
};

const versionFinding = (api: string, own: string): Finding =>
  api === own
    ? ok('version', `${own}, as the API`)
    : warn('version', `${own}, but the API is ${api}`, 'Check out the version of the API, or deploy this one.');

/** Who the key is, and whether it may do what it is for. */
const checkKey = async (
  context: Context,
  check: string,
  connection: Connection,
  { operation, purpose }: { operation: string; purpose: string },
): Promise<Finding> => {
  try {
    const { principal, role, tenant, operations } = await context.client(connection).call('getMe', {});
    const who = `${principal.name ?? principal.id}, ${role} of ${tenant.name} (${connection.source})`;
    if (operations.includes(operation)) return ok(check, who);
    return warn(check, `${who} may not ${purpose}`, 'Ask a lead of the tenant for a key with another role.');
  } catch (error) {
    return explained(check, error);
  }
};

const forSessions = { operation: 'create_session', purpose: 'create sessions' };
const forRunners = { operation: 'register_external_agent', purpose: 'register runners' };

/** Whether the API answers, what time and version it has, and whether it knows the keys. Nothing more is asked of one that does not answer. */
export const checkApi = async (context: Context, profile: string | undefined, version: string): Promise<Finding[]> => {
  try {
    const connection = context.connection('sessions', profile);
    const asked = context.now();
    const health = await context.client(connection).call('getHealth', {});
    const here = (asked + context.now()) / 2;
    const forRunner = context.connection('runner', profile);
    return [
      ok('api', `${connection.apiUrl} answers, stage ${health.stage} in ${health.region}`),
      clockFinding(health.time, here),
      versionFinding(health.version, version),
      await checkKey(context, 'key', connection, forSessions),
      await checkKey(context, 'runner key', forRunner, forRunners),
    ];
  } catch (error) {
    return [explained('api', error)];
  }
};
