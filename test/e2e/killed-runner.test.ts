import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '#contracts/session';
import { anotherTenant, beginIn, type OwnTenant, processesWith, startOwnRunner, untilRunning } from './own-runner.ts';
import { ended, script, temporaryFolder } from './work.ts';

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

/** A command that lasts the first time, and ends at once whenever it is run again. */
const lastsOnce = (sleep: string) => `bash mkdir ${join(temporaryFolder(), 'once')} 2>&1 && ${sleep} || true`;

/** Ends what a killed server has left behind. */
const endOrphans = async (command: string) => {
  for (const pid of await processesWith(command)) process.kill(pid, 'SIGKILL');
};

const expectItWorks = async () => {
  const { id } = await beginIn(tenant, { prompt: script('say Alive.') });
  expect(await ended(id, tenant.lead)).toMatchObject({ status: 'completed' });
};

describe('kill -9', () => {
  it('of the OpenCode server ends the session with the reason, and the next one gets another server', async () => {
    const runner = await startOwnRunner(tenant, { args: ['--name', 'SERVER-KILLED'] });
    const prompt = script(lastsOnce('sleep 173.7'), 'say Done.');
    const { id } = await beginIn(tenant, { prompt, auto_retry: 'never' });
    await untilRunning('sleep 173.7');
    process.kill(runner.serverPid() ?? 0, 'SIGKILL');
    await endOrphans('sleep 173.7');
    expectExplained(await ended(id, tenant.lead));
    await expectItWorks();
  });

  it('of the runner ends what it left behind when it is started again, and leaves no session running', async () => {
    const killed = await startOwnRunner(tenant, { args: ['--name', 'RUNNER-KILLED'] });
    const { folder } = killed;
    const { id } = await beginIn(tenant, { prompt: script(lastsOnce('sleep 174.7'), 'say Done.') });
    await untilRunning('sleep 174.7');
    const server = killed.serverPid() ?? 0;
    killed.signal('SIGKILL');
    await killed.exited;
    expect(killed.worktrees()).toHaveLength(1);

    await startOwnRunner(tenant, { folder, args: ['--name', 'RUNNER-KILLED'] });
    expect(await processesWith('serve')).not.toContain(server);
    await endOrphans('sleep 174.7');
    expect(await ended(id, tenant.lead)).toMatchObject({ status: 'completed', attempt: 1 });
    await expectItWorks();
  });
});
