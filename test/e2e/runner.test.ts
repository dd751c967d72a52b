import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  anotherTenant,
  beginIn,
  logOf,
  lookAt,
  type OwnTenant,
  startOwnRunner,
  untilGone,
  untilRunning,
} from './own-runner.ts';
import { aRepository, ended, eventually, git, script, temporaryFolder, urlOf } from './work.ts';

let tenant: OwnTenant;
beforeAll(async () => {
  tenant = await anotherTenant('runners');
});

const file = { 'README.md': 'Empty.\n' };

describe('a runner', () => {
  it('stops at once when the session is cancelled: the agent is aborted, the checkout gone, nothing pushed', async () => {
    const runner = await startOwnRunner(tenant, { args: ['--allow-file-repos', '--keep-worktrees', 'always'] });
    const repository = await aRepository(file);
    const { id } = await beginIn(tenant, {
      prompt: script('write a.txt | a', 'bash sleep 171.7', 'say Never.'),
      workspace: { repository_url: urlOf(repository), push: 'branch' },
    });
    await untilRunning('sleep 171.7');
    expect(runner.worktrees()).toHaveLength(1);
    await tenant.lead.call('cancelSession', { params: { session_id: id }, body: { reason: 'not needed' } });
    await untilGone('sleep 171.7');
    await eventually('no checkout', async () => (runner.worktrees().length === 0 ? true : undefined));
    await eventually('a word about it', async () => (runner.output().includes('cancelled') ? true : undefined));
    expect(await git(repository, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    expect(await lookAt(tenant, id)).toMatchObject({ status: 'cancelled' });
  });

  it('refuses a repository of its own machine unless it was told to take them', async () => {
    const runner = await startOwnRunner(tenant, { args: ['--once'] });
    const workspace = { repository_url: urlOf(await aRepository(file)) };
    const { id } = await beginIn(tenant, { prompt: script('say Never.'), workspace });
    expect(await ended(id, tenant.lead)).toMatchObject({
      status: 'failed',
      error: { code: 'REPOSITORY_REFUSED', retryable: false },
    });
    expect(await runner.exited).toBe(1);
  });

  it('lets an agent see neither its token nor the control plane nor cloud credentials', async () => {
    await startOwnRunner(tenant);
    const { id } = await beginIn(tenant, { prompt: script('bash env', 'say Done.') });
    expect(await ended(id, tenant.lead)).toMatchObject({ status: 'completed' });
    const log = await logOf(tenant, id);
    expect(log).toContain('PATH=');
    for (const secret of [tenant.runnerKey, 'eapt_', 'IORCH_', 'AWS_', 'OPENCODE_SERVER_PASSWORD']) {
      expect(log).not.toContain(secret);
    }
  });

  it('works on 8 sessions, never on more than 4 at a time', async () => {
    await startOwnRunner(tenant, { args: ['--concurrency', '4'] });
    const marks = join(temporaryFolder(), 'marks');
    const prompt = script(`bash echo begin >> ${marks}; sleep 2; echo end >> ${marks}`, 'say Done.');
    const begun = await Promise.all(Array.from({ length: 8 }, () => beginIn(tenant, { prompt })));
    for (const { id } of begun) expect(await ended(id, tenant.lead)).toMatchObject({ status: 'completed' });
    let working = 0;
    const atOnce = readFileSync(marks, 'utf8')
      .trim()
      .split('\n')
      .map((mark) => {
        working += mark === 'begin' ? 1 : -1;
        return working;
      });
    expect(atOnce).toHaveLength(16);
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(4);
  });

  it('gives its work back when it is told to end, and another one finishes it', async () => {
    const first = await startOwnRunner(tenant, { args: ['--name', 'FIRST'] });
    const flag = join(temporaryFolder(), 'flag');
    const command = `bash if [ -e ${flag} ]; then echo again; else touch ${flag}; sleep 172.7; fi`;
    const { id } = await beginIn(tenant, { prompt: script(command, 'say Done.') });
    await untilRunning('sleep 172.7');
    const server = first.serverPid();
    first.signal('SIGTERM');
    await first.exited;
    expect(await lookAt(tenant, id)).toMatchObject({ status: 'running', activity: 'waiting_for_agent', attempt: 1 });
    await untilGone('sleep 172.7');
    expect(server).toBeGreaterThan(0);
    expect(first.serverPid()).toBeUndefined();
    await startOwnRunner(tenant, { args: ['--name', 'SECOND'] });
    expect(await ended(id, tenant.lead)).toMatchObject({ status: 'completed', attempt: 1 });
  });
});
