import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, inject } from 'vitest';
import type { Client } from '#contracts/client';
import { localAws } from '#scripts/local/local-aws';
import type { OwnTenant } from './own-runner.ts';
import { api, eventually } from './work.ts';

/** An agent that says nothing but what a test lets it say. */
export const registerAgent = async ({ runner }: OwnTenant, name: string) => {
  const { agent_id, auth_token } = await runner.call('registerExternalAgent', {
    body: { protocol_version: '1.1', name, capabilities: ['code_generation'] },
  });
  const client = api('runner', auth_token);
  await client.call('eapHeartbeat', { params: { agent_id }, body: { status: 'healthy' } });
  return { agent_id, client };
};

/** The first work that the agent gets; `meanwhile` happens before each try. */
export const claimWork = (
  { agent_id, client }: { readonly agent_id: string; readonly client: Client },
  meanwhile: () => Promise<unknown> = async () => undefined,
) =>
  eventually('an assignment', async () => {
    await meanwhile();
    const { assignments } = await client.call('eapClaim', { params: { agent_id }, body: { lease_seconds: 30 } });
    return assignments[0];
  });

/** What the schedule does every minute, now. */
export const sweep = async (): Promise<void> => {
  const { stack, outputs } = inject('cloud');
  const client = new LambdaClient(localAws(stack.aws_endpoint_url));
  const { FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: outputs.SweeperFunctionName, Payload: Buffer.from('{}') }),
  );
  expect(FunctionError).toBeUndefined();
};
