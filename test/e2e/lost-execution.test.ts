import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, inject, it } from 'vitest';
import { localAws } from '#scripts/local/local-aws';
import { anotherTenant, lookAt } from './own-runner.ts';
import { claimWork, registerAgent, sweep } from './silent-agent.ts';
import { eventually, script } from './work.ts';

/** The executions of a session, oldest first. */
const executionsOf = async (client: SFNClient, session_id: string) => {
  const { SessionLifecycleArn: stateMachineArn } = inject('cloud').outputs;
  const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
  return executions.filter(({ name }) => name?.includes(session_id)).reverse();
};

describe('a session whose execution somebody stopped in the console', () => {
  it('goes on in the next run with the agent that works on it', async () => {
    const tenant = await anotherTenant('lost-execution');
    const agent = await registerAgent(tenant, 'PATIENT-AGENT');
    const { id } = await tenant.lead.call('createSession', {
      body: { title: 'Lost', prompt: script('say Never.'), start: true },
    });
    const { assignment_id, fencing_token } = await claimWork(agent);

    const client = new SFNClient(localAws(inject('cloud').stack.aws_endpoint_url));
    const [first] = await executionsOf(client, id);
    await client.send(
      new StopExecutionCommand({ executionArn: first?.executionArn, error: 'Curious', cause: 'a test' }),
    );
    await agent.client.call('eapSubmitResult', {
      params: { agent_id: agent.agent_id, assignment_id },
      body: { task_id: assignment_id, status: 'completed', fencing_token, output_data: { summary: 'Done.' } },
    });

    await eventually('the end of the session', async () => {
      await sweep();
      return (await lookAt(tenant, id)).status === 'completed' || undefined;
    });
    const runs = await eventually('the end of the second run', async () => {
      const found = await executionsOf(client, id);
      return found.every(({ status }) => status !== 'RUNNING') ? found : undefined;
    });
    expect(runs.map(({ name, status }) => [name?.at(-1), status])).toEqual([
      ['1', 'ABORTED'],
      ['2', 'SUCCEEDED'],
    ]);
  });
});
