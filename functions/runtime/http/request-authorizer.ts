import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerWithContextResult } from 'aws-lambda';
import { type Authentication, makeAuthenticate } from '#application/authenticate';
import type { Ports } from '#runtime/ports';
import type { AuthorizerContext } from './caller.ts';

const KEPT_MS = 60_000;
const MAX_KEPT = 1000;

/** Remembers answers for a minute, which bounds how long a revoked credential works. Holds digests, never credentials. */
const makeMemory = () => {
  const kept = new Map<string, { until: number; answer: Authentication }>();
  return {
    find: (digest: string, now: number) => {
      const found = kept.get(digest);
      return found && found.until > now ? found.answer : undefined;
    },
    keep: (digest: string, answer: Authentication, now: number) => {
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(digest, { until: now + KEPT_MS, answer });
    },
  };
};

/** Admits every request, with who it is or why nobody: the pipeline answers 401 and 403 as problem documents. */
export const requestAuthorizer = (ports: () => Pick<Ports, 'credentials' | 'digest' | 'clock'>) => {
  const memory = makeMemory();

  const authenticate = async ({ headers = {} }: APIGatewayRequestAuthorizerEventV2): Promise<Authentication> => {
    const { credentials, digest, clock } = ports();
    const authorization = headers['authorization'];
    const agentToken = headers['x-agent-token'];
    const known = digest.sha256(`${authorization ?? ''}\n${agentToken ?? ''}`);
    const now = clock.now();
    const remembered = memory.find(known, now);
    if (remembered) return remembered;
    const answer = await makeAuthenticate({ credentials: credentials(), digest, clock })({ authorization, agentToken });
    if ('principal' in answer) memory.keep(known, answer, now);
    return answer;
  };

  return async (
    event: APIGatewayRequestAuthorizerEventV2,
  ): Promise<APIGatewaySimpleAuthorizerWithContextResult<AuthorizerContext>> => {
    const answer = await authenticate(event);
    return {
      isAuthorized: true,
      context: 'principal' in answer ? { principal: JSON.stringify(answer.principal) } : { failure: answer.failure },
    };
  };
};
