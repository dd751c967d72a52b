import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, inject, it } from 'vitest';
import { ApiProblem, type Client } from '#contracts/client';
import { localAws } from '#scripts/local/local-aws';
import { anotherTenant } from './own-runner.ts';
import { api, ended, eventually, script } from './work.ts';

const register = async (runner: Client) => {
  const { agent_id, auth_token } = await runner.call('registerExternalAgent', {
    body: { protocol_version: '1.1', name: 'SILENT-AGENT', capabilities: ['code_generation'] },
  });
  const client = api('runner', auth_token);
  await client.call('eapHeartbeat', { params: { agent_id }, body: { status: 'healthy' } });
  return { agent_id, client };
};

const sweep = async () => {
  const { stack, outputs } = inject('cloud');
  const client = new LambdaClient(localAws(stack.aws_endpoint_url));
  const { FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: outputs.SweeperFunctionName, Payload: Buffer.from('{}') }),
  );
  expect(FunctionError).toBeUndefined();
};

describe('a session whose agent gives no sign of life', () => {
  it('ends when its lease runs out, says why, and refuses what the agent sends late', async () => {
    const { lead, runner } = await anotherTenant('lost-agent');
    const { agent_id, client } = await register(runner);
    const session = await lead.call('createSession', {
      body: { title: 'Lost', prompt: script('say Never.'), start: true },
    });
    const assignment = await eventually('an assignment', async () => {
      const { assignments } = await client.call('eapClaim', { params: { agent_id }, body: { lease_seconds: 30 } });
      return assignments[0];
    });

    const lost = await eventually('the end of the lease', async () => {
      await sweep();
      const now = await lead.call('getSession', { params: { session_id: session.id } });
      return now.status === 'running' ? undefined : now;
    });
    expect(await ended(lost.id, lead)).toMatchObject({
      status: 'orphaned',
      status_reason: 'lease_lost',
      error: { code: 'AGENT_LEASE_EXPIRED', retryable: true },
    });

    const { assignment_id, fencing_token } = assignment;
    const late = client.call('eapExtendLease', { params: { agent_id, assignment_id }, body: { fencing_token } });
    await expect(late).rejects.toSatisfy((error) => error instanceof ApiProblem && error.problem.status === 409);
  });
});
