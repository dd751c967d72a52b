import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { claimAndRun } from './claim-loop.ts';
import type { ControlPlane } from './control-plane.ts';
import { beat, enlist, sayFarewell } from './enlistment.ts';
import { type Environment, reducedEnvironment } from './environment.ts';
import { httpControlPlane } from './http-control-plane.ts';
import { openModelSource } from './model-source.ts';
import { openCodeHost } from './opencode-host.ts';
import { worktreesIn } from './prepare-workspace.ts';
import { defaultRunnerName, register, runnerName } from './registration.ts';
import { runAssignment, type Workshop } from './run-assignment.ts';
import { secretFilter } from './secret-filter.ts';
import type { ClaimedAssignment } from './supervise-assignment.ts';
import { openWorkFolder } from './work-folder.ts';
import { git } from './workspace/git.ts';

/** How a runner works. */
export interface RunnerOptions {
  /** Address of the control plane. */
  readonly apiUrl: string;
  /** API key that may register agents; used for nothing else. */
  readonly apiKey: string;
  /** Upper-cased and cleaned. @default RUNNER-<HOST> */
  readonly name?: string | undefined;
  /** Assignments at a time, 1 to 32. @default 2 */
  readonly concurrency?: number | undefined;
  /** @default those of an implementer */
  readonly capabilities?: readonly string[] | undefined;
  /** Bare repositories, worktrees, OpenCode's data. Held by one runner at a time. @default ~/.iorch/work */
  readonly workDir?: string | undefined;
  /** An OpenCode configuration file of the user's own. @default the providers whose key is in the environment, else the demo model */
  readonly opencodeConfig?: string | undefined;
  /** `provider/model` for sessions that name none. @default the configuration's own */
  readonly model?: string | undefined;
  /** @default failed */
  readonly keepWorktrees?: 'never' | 'failed' | 'always' | undefined;
  /** End when the first claimed assignment ended. @default false */
  readonly once?: boolean | undefined;
  /** Accept `file:` repositories. @default false */
  readonly allowFileRepos?: boolean | undefined;
  /** Upload what agents said and did, without secrets. @default true */
  readonly transcripts?: boolean | undefined;
  /** Seconds between renewals of a lease. @default what the control plane asks for, at most 2 */
  readonly extendSeconds?: number | undefined;
  /** Who result commits are by. @default Industrial Orchestrator <iorch@localhost> */
  readonly author?: { readonly name: string; readonly email: string } | undefined;
}

/** What a runner needs of the process it runs in. */
export interface RunnerProcess {
  /** Ends the runner: it claims nothing more, aborts what runs and leaves no process behind. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** @default process.env */
  readonly environment?: Environment;
  /** @default over HTTP */
  readonly controlPlane?: ControlPlane;
}

const tendEveryMs = 30_000;
const implementer = ['code_generation', 'test_generation', 'documentation', 'refactoring'];

/**
 * Registers, claims assignments and works on them until the signal (or, with `once`, until the first one ended).
 * Returns the exit code: 0, or 1 when the one assignment of `once` did not complete. Throws ApiProblem or ApiUnreachable
 * when the control plane does not take the runner, WorkFolderInUse when another runner has its folder.
 */
export async function runRunner(options: RunnerOptions, io: RunnerProcess): Promise<number> {
  await requireGit();
  if (options.opencodeConfig !== undefined) await access(options.opencodeConfig);
  const workDir = path.resolve(options.workDir ?? path.join(homedir(), '.iorch', 'work'));
  const folder = await openWorkFolder(workDir);
  const environment = io.environment ?? process.env;
  const models = await openModelSource(environment, options.opencodeConfig);
  const secrets = secretFilter([options.apiKey, ...Object.values(models.environment)]);
  // an agent that removes its .git must not work on whatever repository lies around the folder
  const reduced = { ...reducedEnvironment(environment, folder.home), GIT_CEILING_DIRECTORIES: worktreesIn(workDir) };
  const host = openCodeHost({ folder: folder.openCode, environment: reduced, models, secrets, log: io.log });
  const rules = {
    ...{ workDir, environment: reduced, model: options.model },
    allowsFileRepositories: options.allowFileRepos ?? false,
    keepsTranscripts: options.transcripts ?? true,
    author: options.author ?? { name: 'Industrial Orchestrator', email: 'iorch@localhost' },
  };
  const tending = setInterval(() => void host.tend(), tendEveryMs);
  try {
    return await serve(options, io, { host, rules, secrets });
  } finally {
    clearInterval(tending);
    await host.close();
    await folder.release();
  }
}

/** From registration to farewell. */
async function serve(
  options: RunnerOptions,
  { signal, log, controlPlane }: RunnerProcess,
  tools: Pick<Workshop, 'host' | 'rules' | 'secrets'>,
) {
  const {
    apiUrl,
    apiKey,
    concurrency = 2,
    capabilities = implementer,
    keepWorktrees = 'failed',
    once = false,
  } = options;
  const name = options.name === undefined ? defaultRunnerName() : runnerName(options.name);
  const { description: models } = tools.host.models;
  const plane = controlPlane ?? httpControlPlane(apiUrl, apiKey);
  const enlistment = await enlist(async () => {
    const answer = await register(plane, {
      apiUrl,
      name,
      concurrency,
      capabilities,
      workDir: tools.rules.workDir,
      models,
    });
    tools.secrets.add(answer.auth_token);
    const calls = plane.asAgent({ agentId: answer.agent_id, token: answer.auth_token });
    return { calls, heartbeatSeconds: answer.heartbeat_interval_seconds };
  });
  log(`runner ${name} is ready: ${concurrency} at a time, with ${models}`);

  const onSignal = () => log('ending: what runs is given back; a second signal ends at once');
  signal.addEventListener('abort', onSignal, { once: true });
  const over = new AbortController();
  const stopping = AbortSignal.any([signal, over.signal]);
  let tasksInProgress = 0;
  const onChange = (running: number) => {
    tasksInProgress = running;
  };
  const shop = { ...tools, keepWorktrees, log, stopping };
  const run = (claimed: ClaimedAssignment) => runAssignment(claimed, shop);
  const claiming = claimAndRun({
    enlistment,
    concurrency,
    once,
    extendSeconds: options.extendSeconds,
    signal: stopping,
    run,
    onChange,
    log,
  });
  const { heartbeatSeconds: everySeconds } = enlistment;
  const beating = beat({ enlistment, everySeconds, tasksInProgress: () => tasksInProgress, signal: stopping, log });
  try {
    // whoever of them fails, ends both
    const ends = await Promise.race([claiming, beating.then(() => claiming)]);
    return once && ends.some((end) => end !== 'completed') ? 1 : 0;
  } finally {
    signal.removeEventListener('abort', onSignal);
    over.abort();
    await Promise.allSettled([claiming, beating]);
    await sayFarewell(enlistment.calls());
  }
}

async function requireGit(): Promise<void> {
  await git(['--version'], { cwd: '/' }).catch((cause: unknown) => {
    throw new Error('git is not installed or not on the PATH; the runner needs it', { cause });
  });
}
