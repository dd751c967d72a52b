import type { WorkspaceCommand } from './control-plane.ts';
import { endOfText } from './end-of-text.ts';
import { outputTail } from './processes/output-tail.ts';
import { runProcess } from './processes/run-process.ts';
import { executionFailure } from './run-failure.ts';

/** What a command did. `exit_code` is 124 after a timeout; `output` is its end, at most 4,000 characters. */
export interface CommandOutcome {
  readonly name: string;
  readonly exit_code: number;
  readonly duration_ms: number;
  readonly output: string;
  readonly passed: boolean;
  readonly weight: number;
}

/** Where commands run. */
export interface CommandPlace {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const keptCharacters = 4_000;

/** Runs verification commands one after the other; a failed one does not keep the next from running. */
export async function verify(commands: readonly WorkspaceCommand[], place: CommandPlace): Promise<CommandOutcome[]> {
  const outcomes: CommandOutcome[] = [];
  for (const command of commands) outcomes.push(await runCommand(command, place));
  return outcomes;
}

/** Runs setup commands; the first that fails throws AGENT_EXECUTION_FAILED with the end of its output. */
export async function setUp(commands: readonly WorkspaceCommand[], place: CommandPlace): Promise<void> {
  for (const command of commands) {
    const { passed, exit_code, output } = await runCommand(command, place);
    if (!passed) {
      const tail = endOfText(output, 1_000);
      throw executionFailure(`the setup command "${command.name}" ended with exit code ${exit_code}: ${tail}`);
    }
  }
}

/** Weight of the passed commands over the weight of all; unknown without commands or weights. */
export function successRateOf(outcomes: readonly CommandOutcome[]): number | undefined {
  const weightOf = (some: readonly CommandOutcome[]) => some.reduce((total, { weight }) => total + weight, 0);
  const all = weightOf(outcomes);
  return all > 0 ? weightOf(outcomes.filter(({ passed }) => passed)) / all : undefined;
}

async function runCommand(
  { name, run, timeout_seconds, weight }: WorkspaceCommand,
  place: CommandPlace,
): Promise<CommandOutcome> {
  const tail = outputTail();
  const add = (chunk: Buffer) => tail.add(chunk);
  const { exitCode, timedOut, durationMs } = await runProcess({
    command: '/bin/sh',
    args: ['-c', run],
    cwd: place.directory,
    env: place.environment,
    timeoutMs: timeout_seconds * 1_000,
    signal: place.signal,
    onStdout: add,
    onStderr: add,
  });
  if (timedOut) tail.add(Buffer.from(`\n[ended after ${timeout_seconds} s: timeout]\n`));
  return {
    name,
    exit_code: exitCode,
    duration_ms: durationMs,
    output: tail.text(keptCharacters),
    passed: exitCode === 0,
    weight,
  };
}
