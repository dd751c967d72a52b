import { type CommonOptions, type Context, printJson } from '#apps/cli/context';
import type { RecordedExecution } from '#apps/cli/executions/execution-log';
import { type PassedState, passedStates } from '#apps/cli/executions/passed-states';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { executionReport } from '#apps/cli/output/execution-report';
import { Refusal } from '#apps/cli/refusal';
import { executionName, executionPrefix } from '#contracts/execution-name';

export interface ExecutionOptions extends CommonOptions {
  readonly run?: string;
}

/** The first execution follows its session's creation; clocks may differ. */
const SKEW_MS = 60_000;

/** `iorch session execution`: the states that a run of a session has passed, as Step Functions recorded them. */
export const sessionExecution =
  (context: Context) =>
  async (session_id: string, options: ExecutionOptions): Promise<ExitCode> => {
    const connection = context.connection('sessions', options.profile);
    const session = await context.client(connection).call('getSession', { params: { session_id } });
    const ids = { tenantId: session.tenant_id, sessionId: session.id };
    const log = await context.executions(connection);
    const name =
      options.run === undefined
        ? await log.newest(executionPrefix(ids), Date.parse(session.created_at) - SKEW_MS)
        : executionName({ ...ids, run: Number(options.run) });
    const execution = name === undefined ? undefined : await log.read(name);
    if (execution === undefined) throw notThere(session.status, options.run);

    const states = passedStates(execution);
    const run = Number(execution.name.slice(executionPrefix(ids).length));
    const { terminal } = context;
    if (options.json) printJson(context, forPrograms(session_id, run, execution, states));
    else {
      terminal.out(executionReport(execution, states, { now: context.now(), width: terminal.columns }));
      if (options.run === undefined && run > 1)
        terminal.err(`earlier runs: ${context.program} session execution ${session_id} --run ${run - 1}`);
    }
    return exitCode.done;
  };

const notThere = (status: string, run: string | undefined) =>
  status === 'pending' && run === undefined
    ? new Refusal('The session was not started, so nothing drives it.')
    : new Refusal(`There is no execution${run ? ` of run ${run}` : ''} of the session.`, {
        remedy:
          'Step Functions forgets an execution 90 days after its end; a run has none before it begins. Is it the right account and region?',
      });

const forPrograms = (
  session_id: string,
  run: number,
  { name, status, startedAt, endedAt, error, cause }: RecordedExecution,
  states: readonly PassedState[],
) => ({
  session_id,
  run,
  execution: name,
  status,
  started_at: startedAt,
  ended_at: endedAt,
  error,
  cause,
  states: states.map(({ name: state, enteredAt, leftAt, tries, errors }) => ({
    state,
    entered_at: enteredAt,
    left_at: leftAt,
    duration_ms: leftAt === undefined ? undefined : Date.parse(leftAt) - Date.parse(enteredAt),
    tries,
    errors,
  })),
});
