import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { openCodeBinary } from '#apps/runner/opencode-binary';
import { type Finding, fail, ok, warn } from './finding.ts';
import type { Machine } from './machine.ts';

const LEAST_NODE_MAJOR = 20;
const GIGABYTE = 1024 ** 3;

const reason = (error: unknown) => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));

const checkNode = ({ nodeVersion }: Machine): Finding =>
  Number(nodeVersion.split('.')[0]) >= LEAST_NODE_MAJOR
    ? ok('node', nodeVersion)
    : fail('node', `${nodeVersion} is too old`, `Install Node ${LEAST_NODE_MAJOR} or newer.`);

const checkGit = async ({ output }: Machine): Promise<Finding> => {
  try {
    return ok('git', (await output('git', ['--version'])).replace('git version ', ''));
  } catch {
    return fail('git', 'is not on the PATH', 'Install git: runners check repositories out with it.');
  }
};

const checkOpenCode = async ({ env, output }: Machine, wanted: string | undefined): Promise<Finding> => {
  const binary = openCodeBinary(env);
  try {
    const version = await output(binary, ['--version']);
    if (wanted === undefined || version === wanted) return ok('opencode', `${version} (${binary})`);
    const remedy = `Unset OPENCODE_BINARY, or install version ${wanted}: the runner is tested with it.`;
    return warn('opencode', `${version} (${binary}), not ${wanted}`, remedy);
  } catch (error) {
    const remedy = 'Run npm ci in the clone, or install OpenCode and set OPENCODE_BINARY.';
    return fail('opencode', `${binary} cannot be run: ${reason(error)}`, remedy);
  }
};

const checkWorkFolder = async (folder: string): Promise<Finding> => {
  const probe = join(folder, `.doctor-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(probe, '');
    await rm(probe);
    const { bavail, bsize } = await statfs(folder);
    const free = (bavail * bsize) / GIGABYTE;
    const text = `${folder}, ${free.toFixed(1)} GB free`;
    if (free >= 1) return ok('work folder', text);
    return warn('work folder', text, 'Make room, or give the runner another --work-dir.');
  } catch (error) {
    return fail('work folder', `${folder} cannot be written: ${reason(error)}`, 'Give the runner another --work-dir.');
  }
};

/** The walls of a sandbox: may this user make namespaces of its own? */
const sandboxTrial = ['--ro-bind', '/', '/', '--unshare-user', '--unshare-pid', '--proc', '/proc', 'true'];

const checkBubblewrap = async ({ platform, output }: Machine): Promise<Finding> => {
  const instead = 'Without it, give runners a user, container or machine of their own.';
  if (platform !== 'linux') return warn('bubblewrap', `exists on Linux only, this is ${platform}`, instead);
  try {
    await output('bwrap', ['--version']);
  } catch {
    return warn('bubblewrap', 'is not installed', `Install bubblewrap to be able to wall agents in. ${instead}`);
  }
  try {
    await output('bwrap', sandboxTrial);
    return ok('bubblewrap', 'can wall agents in');
  } catch (error) {
    return warn('bubblewrap', `is not allowed to make namespaces: ${reason(error)}`, instead);
  }
};

/** Where a runner works unless it is told otherwise. */
const usualWorkFolder = ({ env }: Machine) => join(env['HOME'] || homedir(), '.iorch', 'work');

/** Whether this machine can run sessions. `openCodeVersion` is the one that the runner is tested with. */
export const checkMachine = async (
  machine: Machine,
  { workDir, openCodeVersion }: { workDir?: string | undefined; openCodeVersion?: string | undefined },
): Promise<Finding[]> => [
  checkNode(machine),
  await checkGit(machine),
  await checkOpenCode(machine, openCodeVersion),
  await checkWorkFolder(resolve(workDir ?? usualWorkFolder(machine))),
  await checkBubblewrap(machine),
];
