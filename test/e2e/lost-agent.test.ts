import { describe, expect, it } from 'vitest';
import { anotherTenant } from './own-runner.ts';
import { claimWork, registerAgent, sweep } from './silent-agent.ts';
import { ended, script } from './work.ts';

describe('a session whose agent gives no sign of life', () => {
  it('goes on with another agent when the lease runs out; what the first sends late is refused', async () => {
    const tenant = await anotherTenant('lost-agent');
    const silent = await registerAgent(tenant, 'SILENT-AGENT');
    const session = await tenant.lead.call('createSession', {
      body: { title: 'Lost', prompt: script('say Never.'), start: true },
    });
    const { assignment_id, fencing_token } = await claimWork(silent);

    const other = await registerAgent(tenant, 'OTHER-AGENT');
    const taken = await claimWork(other, sweep);
    expect(taken).toMatchObject({ session_id: session.id, attempt: 1, fencing_token: fencing_token + 1 });
    const now = () => tenant.lead.call('getSession', { params: { session_id: session.id } });
    expect(await now()).toMatchObject({ status: 'degraded', status_reason: 'fallback_agent' });
    const { assignment_id: task_id } = taken;
    await other.client.call('eapSubmitResult', {
      params: { agent_id: other.agent_id, assignment_id: task_id },
      body: { task_id, status: 'completed', fencing_token: taken.fencing_token, output_data: { summary: 'Done.' } },
    });
    expect(await ended(session.id, tenant.lead)).toMatchObject({ status: 'completed', attempt: 1 });

    const { agent_id, client } = silent;
    const late = client.call('eapSubmitResult', {
      params: { agent_id, assignment_id },
      body: { task_id: assignment_id, status: 'completed', fencing_token, output_data: { summary: 'Late.' } },
    });
    await expect(late).rejects.toMatchObject({ problem: { status: 409, code: 'STALE_FENCING_TOKEN' } });
  });
});
