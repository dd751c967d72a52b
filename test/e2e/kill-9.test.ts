import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Session } from '#contracts/session';
import { cloudFolder } from '#scripts/local/cloud-folder';
import { anotherTenant, beginIn, type OwnTenant, processesWith, startOwnRunner, untilRunning } from './own-runner.ts';
import { claimWork, registerAgent, sweep } from './silent-agent.ts';
import { ended, eventually, executionOf, script, temporaryFolder } from './work.ts';

type Agent = Awaited<ReturnType<typeof registerAgent>>;
type Work = Awaited<ReturnType<typeof claimWork>>;

let tenant: OwnTenant;
let bereft: Awaited<ReturnType<typeof killWithToken>>;

/** The processes that wait for calls of Run On Agent in the tests' own emulator. */
const workersOfRunOnAgent = () => {
  const temp = cloudFolder(dirname(inject('cloud').stack.sample_repository)).temp;
  return processesWith(join(temp, 'ministack-lambda-iorch-local-workflow-SessionLifecyclerunonagent'));
};

const submitFor = ({ agent_id, client }: Agent, { assignment_id: task_id, fencing_token }: Work) =>
  client.call('eapSubmitResult', {
    params: { agent_id, assignment_id: task_id },
    body: { task_id, status: 'completed', fencing_token, output_data: { summary: 'Done.' } },
  });

/** A session whose function was killed while it held the token of Run On Agent and had stored nothing. */
const killWithToken = async () => {
  const own = await anotherTenant('killed-function');
  const agent = await registerAgent(own, 'PATIENT-AGENT');
  // the first session leaves a worker behind
  const { id: first } = await beginIn(own, { prompt: script('say Warm.') });
  await submitFor(agent, await claimWork(agent));
  await ended(first, own.lead);
  const workers = await workersOfRunOnAgent();
  for (const pid of workers) process.kill(pid, 'SIGSTOP');
  const { id } = await beginIn(own, { prompt: script('say Done.') });
  await eventually('a call of Run On Agent', async () =>
    (await executionOf(id))?.states.includes('Run On Agent') ? true : undefined,
  );
  for (const pid of workers) process.kill(pid, 'SIGKILL');
  return { id, agent, lead: own.lead, workers: workers.length };
};

beforeAll(async () => {
  tenant = await anotherTenant('killed');
  bereft = await killWithToken();
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

  it('of a function that holds the token of its execution leaves a session that the next run completes', async () => {
    const { id, agent, lead, workers } = bereft;
    expect(workers).toBeGreaterThan(0);
    const { agent_id, client } = agent;
    // it has said nothing for a while
    await client.call('eapHeartbeat', { params: { agent_id }, body: { status: 'healthy' } });
    await submitFor(agent, await claimWork(agent, sweep));
    expect(await ended(id, lead)).toMatchObject({ status: 'completed', attempt: 1 });
  });
});
