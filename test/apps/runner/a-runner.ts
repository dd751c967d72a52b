import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Assignment, ControlPlane } from '#apps/runner/control-plane';
import { type RunnerOptions, runRunner } from '#apps/runner/runner';
import { eventually } from '#test/support/eventually';
import { anOrigin } from '#test/support/git-world';
import { scriptedControlPlane } from '#test/support/scripted-control-plane';

/** What must never reach an agent. */
export const secrets = {
  IORCH_API_KEY: 'iorch_live_0123456789abcdefghijklmnop',
  IORCH_API_URL: 'https://control-plane.example',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE012345678',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIexamplekey',
};

/** A real runner with a real OpenCode server and the demo model, working for a control plane in memory. */
export function startRunner(
  options: Partial<RunnerOptions> = {},
  {
    plane = scriptedControlPlane(),
    controlPlane = plane.controlPlane,
  }: { plane?: ReturnType<typeof scriptedControlPlane>; controlPlane?: ControlPlane } = {},
) {
  const workDir = mkdtempSync(path.join(tmpdir(), 'iorch-runner-'));
  const stop = new AbortController();
  const lines: string[] = [];
  const ended = runRunner(
    {
      apiUrl: secrets.IORCH_API_URL,
      apiKey: secrets.IORCH_API_KEY,
      name: 'runner-test',
      workDir,
      allowFileRepos: true,
      extendSeconds: 0.2,
      ...options,
    },
    {
      signal: stop.signal,
      log: (line) => lines.push(line),
      environment: { PATH: process.env['PATH'], ...secrets },
      controlPlane,
    },
  );
  ended.catch(() => undefined);
  const resultOf = (assignment: Assignment) =>
    eventually(`the result of ${assignment.assignment_id}\n${lines.join('\n')}`, () =>
      plane.results.find(({ assignmentId }) => assignmentId === assignment.assignment_id),
    );
  return {
    ...{ plane, workDir, lines, ended, resultOf },
    work: (assignment: Assignment) => {
      plane.add(assignment);
      return resultOf(assignment);
    },
    worktrees: () => readdirSync(path.join(workDir, 'worktrees')),
    repositories: () =>
      readdirSync(path.join(workDir, 'repositories')).map((name) => path.join(workDir, 'repositories', name)),
    /** A repository that is forgotten with the runner. */
    anOrigin(files?: Readonly<Record<string, string>>) {
      mkdirSync(path.join(workDir, 'origins'), { recursive: true });
      return anOrigin(files, mkdtempSync(path.join(workDir, 'origins', 'one-')));
    },
    /** Ends it as a signal would. */
    stop: () => {
      stop.abort();
      return ended;
    },
    forget: () => rmSync(workDir, { recursive: true, force: true, maxRetries: 5 }),
  };
}
