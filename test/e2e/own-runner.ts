import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import type { CallInput, Client } from '#contracts/client';
import { projectRoot } from '#scripts/local/cloud-folder';
import { api, eventually, run, temporaryFolder } from './work.ts';

/** A tenant in which nobody else works. */
export interface OwnTenant {
  readonly lead: Client;
  readonly leadKey: string;
  readonly runner: Client;
  readonly runnerKey: string;
}

/** Makes a tenant with a lead and a runner's key. */
export const anotherTenant = async (slug: string): Promise<OwnTenant> => {
  const admin = api('admin');
  const tenant = await admin.call('createTenant', { body: { name: 'Another', slug } });
  const keyOf = async (role: 'lead' | 'runner') => {
    const headers = { 'x-tenant-id': tenant.id };
    const { key } = await admin.call('createApiKey', { headers, body: { name: role, role } });
    return key ?? '';
  };
  const [leadKey, runnerKey] = [await keyOf('lead'), await keyOf('runner')];
  return { lead: api('lead', leadKey), leadKey, runner: api('runner', runnerKey), runnerKey };
};

/** Creates and starts a session of a tenant. */
export const beginIn = (tenant: OwnTenant, body: Partial<CallInput<'createSession'>['body']> & { prompt: string }) =>
  tenant.lead.call('createSession', { body: { title: 'End-to-end', start: true, ...body } });

/** What a session says of itself. */
export const lookAt = ({ lead }: OwnTenant, session_id: string) => lead.call('getSession', { params: { session_id } });

/** Starts `iorch runner` for a tenant, as a person would, and waits until it is ready. It ends with the test at the latest. */
export const startOwnRunner = async (tenant: OwnTenant, { folder = temporaryFolder(), args = [] as string[] } = {}) => {
  const { api_url } = inject('cloud').stack;
  const command = [join(projectRoot, 'apps/cli/bin/iorch.mjs'), 'runner', '--work-dir', folder, ...args];
  const env = { PATH: process.env['PATH'], HOME: folder, IORCH_API_URL: api_url, IORCH_API_KEY: tenant.runnerKey };
  const child = spawn(process.execPath, command, { cwd: projectRoot, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  await eventually(
    `a runner\n${output}`,
    async () => output.includes('is ready') || child.exitCode !== null || undefined,
  );
  if (child.exitCode !== null) throw new Error(`the runner did not start: ${output}`);
  return {
    folder,
    exited,
    output: () => output,
    signal: (name: NodeJS.Signals) => child.kill(name),
    worktrees: () => readdirSync(join(folder, 'worktrees')),
    /** The process id of its OpenCode server, while it has one. */
    serverPid: () => {
      const file = join(folder, 'opencode.pid');
      return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
    },
  };
};

/** The processes whose command line contains the text, but for those that ended and wait to be asked about it. */
export const processesWith = async (text: string): Promise<number[]> => {
  const { stdout } = await run('ps', ['-eo', 'pid=,stat=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, stat = '', args = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return args.includes(text) && !stat.startsWith('Z') ? [Number(pid)] : [];
  });
};

/** Polls until a command with this text runs, or runs no more. */
export const untilRunning = (text: string) =>
  eventually(`the process ${text}`, async () => ((await processesWith(text)).length > 0 ? true : undefined));
export const untilGone = (text: string) =>
  eventually(`the end of ${text}`, async () => ((await processesWith(text)).length === 0 ? true : undefined));

/** The text of every log line of a session's newest attempt. */
export const logOf = async ({ lead }: OwnTenant, session_id: string): Promise<string> => {
  const { items } = await lead.call('listSessionLogs', { params: { session_id }, query: { limit: 100 } });
  return items.map(({ message }) => message).join('\n');
};
