import { runAgent } from './agent-run.ts';
import { checkpointKeeper } from './checkpoint-keeper.ts';
import { checkpointPace } from './checkpoint-pace.ts';
import type { AgentCalls, Assignment, WorkEvent } from './control-plane.ts';
import { goOnFrom } from './go-on-from.ts';
import type { OpenCodeHost } from './opencode-host.ts';
import { within } from './pause.ts';
import { type PreparedWorkspace, prepareWorkspace } from './prepare-workspace.ts';
import { setUp, verify } from './run-commands.ts';
import { RunFailure } from './run-failure.ts';
import { turnNarrator } from './turn-narrator.ts';
import { checkpointOf, promptOf } from './work-checkpoint.ts';
import type { WorkDone } from './work-result.ts';
import { type CommitAuthor, commitResult } from './workspace/commit-result.ts';
import { keepResultBranch, pushResultBranch } from './workspace/result-branch.ts';
import { diffBetween } from './workspace/result-diff.ts';

/** How this runner works on every assignment. */
export interface WorkRules {
  readonly workDir: string;
  readonly allowsFileRepositories: boolean;
  readonly author: CommitAuthor;
  /** `provider/model` for sessions that name none. */
  readonly model: string | undefined;
  /** Whether what agents said and did is uploaded beside the result. */
  readonly keepsTranscripts: boolean;
  /** What agents and commands may see. */
  readonly environment: Readonly<Record<string, string>>;
}

/** One assignment under work. */
export interface Work {
  readonly assignment: Assignment;
  readonly calls: AgentCalls;
  readonly rules: WorkRules;
  readonly host: OpenCodeHost;
  readonly signal: AbortSignal;
  readonly report: (event: WorkEvent) => void;
  /** Throws when the assignment is no longer ours. */
  readonly confirmLease: () => Promise<void>;
  /** Filled in as the work goes on, so that it is known however the work ends. */
  readonly done: WorkDone;
  place?: PreparedWorkspace;
}

const settlingPatienceMs = 10_000;
const longestDiffBytes = 128 * 1024;

/** Nothing done yet. */
export const noWork = (): WorkDone => ({ turn: [], agentMs: 0, verifyMs: 0, verification: [], apiErrors: 0 });

/** From the repository to the pushed branch. Throws RunFailure, or the signal's reason. */
export async function workOnAssignment(work: Work): Promise<void> {
  const { assignment, signal } = work;
  const { workspace } = assignment.input_data;
  say(work, workspace ? `getting ${workspace.repository_url}` : 'an empty workspace: the session names no repository');
  const place = await openPlace(work);
  const commandPlace = { directory: place.directory, environment: work.rules.environment, signal };
  for (const { name } of workspace?.setup ?? []) say(work, `setup: ${name}`);
  await setUp(workspace?.setup ?? [], commandPlace);
  await letAgentWork(work, place);
  // before the verification, whose own droppings are not the agent's work
  await keepWork(work);
  await runVerification(work, commandPlace);
  if (workspace?.push === 'branch') await push(work, place);
}

async function openPlace(work: Work): Promise<PreparedWorkspace> {
  const { assignment, rules, signal } = work;
  const name = `${assignment.assignment_id}-${assignment.fencing_token}`;
  const { workDir, allowsFileRepositories } = rules;
  const from = checkpointOf(assignment);
  const { workspace } = assignment.input_data;
  const place = await prepareWorkspace({
    workDir,
    name,
    // the branch may have moved since
    workspace: workspace && { ...workspace, ref: from?.base_commit ?? workspace.base_commit ?? workspace.ref },
    allowsFileRepositories,
    signal,
  });
  work.place = place;
  if (from) {
    say(work, `going on from checkpoint ${assignment.checkpoint?.sequence}, after ${from.next_step} steps`);
    await goOnFrom(from, { place, calls: work.calls, assignmentId: assignment.assignment_id });
  }
  work.report({ type: 'started', base_commit: place.baseCommit });
  return place;
}

async function letAgentWork(work: Work, place: PreparedWorkspace): Promise<void> {
  const { assignment, calls, host, rules, signal, done } = work;
  const { directory } = place;
  const from = checkpointOf(assignment);
  const { demoModel, description } = host.models;
  const model = demoModel ?? assignment.model_identifier ?? rules.model;
  done.isSimulated = demoModel !== undefined;
  if (model !== undefined) done.model = model;
  say(work, `the agent works with ${description}`, demoModel ? 'warning' : 'info');
  const asked = assignment.model_identifier;
  if (demoModel && asked && asked !== demoModel)
    say(work, `the session asks for the model ${asked}, which this runner does not have: it is not used`, 'warning');
  const pace = checkpointPace({ timeLeftMs: assignment.timeout_seconds * 1_000, now: () => performance.now() });
  const keeper = checkpointKeeper({
    ...{ assignment, calls, worktree: place, author: rules.author, from, pace, signal, report: work.report },
    onFailure: (error) => say(work, `no checkpoint could be made: ${messageOf(error)}`, 'warning'),
  });
  const narrate = turnNarrator();
  const prompt = promptOf(assignment, from);
  done.prompt = prompt;
  const startedAt = performance.now();
  try {
    await runAgent({
      ...{ host, assignment, directory, prompt, model, signal },
      onLook(state, turn) {
        done.turn = turn;
        keeper.look(state, turn);
        for (const event of narrate(state, turn)) {
          if (event.type === 'metrics') done.apiErrors = event.api_errors ?? 0;
          work.report(event);
        }
      },
    });
  } finally {
    await within(settlingPatienceMs, keeper.settle());
    done.agentMs = performance.now() - startedAt;
    const last = done.turn.at(-1)?.info;
    if (last) done.model = `${last.providerID}/${last.modelID}`;
  }
}

/** Commits whatever the agent left behind and keeps it on the result branch of the cache. */
export async function keepWork({ assignment, rules, place, done }: Work): Promise<void> {
  if (!place) return;
  const { session } = assignment.context;
  const result = await commitResult(place, { sessionId: session.id, title: session.title, author: rules.author });
  const branch = assignment.input_data.workspace?.result_branch ?? `iorch/${session.id}`;
  const diff = await diffBetween(place.gitDir, place.baseCommit, result, longestDiffBytes);
  await keepResultBranch({ gitDir: place.gitDir, branch, commit: result });
  done.commit = { base: place.baseCommit, result, branch, diff };
}

async function runVerification(work: Work, place: Parameters<typeof verify>[1]): Promise<void> {
  const { workspace } = work.assignment.input_data;
  if (!workspace?.verify.length) return;
  const startedAt = performance.now();
  const outcomes = await verify(workspace.verify, place);
  work.done.verifyMs = performance.now() - startedAt;
  work.done.verification = outcomes;
  for (const { name, passed, exit_code } of outcomes) {
    say(
      work,
      `verification "${name}" ${passed ? 'passed' : `failed with exit code ${exit_code}`}`,
      passed ? 'info' : 'warning',
    );
  }
  const failed = outcomes.filter(({ passed }) => !passed);
  if (workspace.verify_policy === 'record' || failed.length === 0) return;
  const names = failed.map(({ name, exit_code }) => `"${name}" ended with exit code ${exit_code}`);
  throw new RunFailure(`the verification failed: ${names.join(', ')}`, {
    code: 'VERIFICATION_FAILED',
    retryable: true,
  });
}

async function push(work: Work, { gitDir, remote }: PreparedWorkspace): Promise<void> {
  const { assignment, signal, done } = work;
  if (!done.commit || remote === undefined) return;
  await work.confirmLease();
  signal.throwIfAborted();
  const { branch, result: commit } = done.commit;
  await pushResultBranch({ gitDir, branch, commit }, remote, assignment.session_id, signal);
  done.isPushed = true;
  say(work, `pushed the branch ${branch}`);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const say = (work: Work, message: string, level: 'info' | 'warning' = 'info') =>
  work.report({ type: 'log', level, source: 'runner', message });
