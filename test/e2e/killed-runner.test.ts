import { beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '#contracts/session';
import { anotherTenant, beginIn, type OwnTenant, processesWith, startOwnRunner, untilRunning } from './own-runner.ts';
import { ended, eventually, script } from './work.ts';

let tenant: OwnTenant;
beforeAll(async () => {
  tenant = await anotherTenant('killed');
});

/** A session that ended says how: it completed, or it names what went wrong. */
const expectExplained = ({ status, error }: Session) => {
  if (status === 'completed') return;
  expect(['failed', 'orphaned']).toContain(status);
  expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String), retryable: true });
};

/** Until the session has ended. What an orphaned or another agent's command still waits for is cut short. */
const untilOver = (session_id: string, command: string) =>
  eventually(`the end of session ${session_id}`, async () => {
    for (const pid of await processesWith(command)) process.kill(pid, 'SIGKILL');
    const { status } = await tenant.lead.call('getSession', { params: { session_id } });
    return status === 'running' || status === 'queued' ? undefined : true;
  });

const expectItWorks = async () => {
  const { id } = await beginIn(tenant, { prompt: script('say Alive.') });
  expect(await ended(id, tenant.lead)).toMatchObject({ status: 'completed' });
};

describe('kill -9', () => {
  it('of the OpenCode server ends the session with the reason, and the next one gets another server', async () => {
    const runner = await startOwnRunner(tenant, { args: ['--name', 'SERVER-KILLED'] });
    const { id } = await beginIn(tenant, { prompt: script('bash sleep 173.7', 'say Done.') });
    await untilRunning('sleep 173.7');
    process.kill(runner.serverPid() ?? 0, 'SIGKILL');
    await untilOver(id, 'sleep 173.7');
    expectExplained(await ended(id, tenant.lead));
    await expectItWorks();
  });

  it('of the runner ends what it left behind when it is started again, and leaves no session running', async () => {
    const killed = await startOwnRunner(tenant, { args: ['--name', 'RUNNER-KILLED'] });
    const { folder } = killed;
    const { id } = await beginIn(tenant, { prompt: script('bash sleep 174.7', 'say Done.') });
    await untilRunning('sleep 174.7');
    const server = killed.serverPid() ?? 0;
    killed.signal('SIGKILL');
    await killed.exited;
    expect(killed.worktrees()).toHaveLength(1);

    await startOwnRunner(tenant, { folder, args: ['--name', 'RUNNER-KILLED'] });
    expect(await processesWith('serve')).not.toContain(server);
    await untilOver(id, 'sleep 174.7');
    expectExplained(await ended(id, tenant.lead));
    await expectItWorks();
  });
});
