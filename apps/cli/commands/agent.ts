import { type CommonOptions, type Context, clientOf, printJson } from '#apps/cli/context';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { agentFields } from '#apps/cli/output/agent-fields';
import { agentTable } from '#apps/cli/output/agent-table';
import { sayMore } from '#apps/cli/say-more';

export interface ListAgentsOptions extends CommonOptions {
  readonly status?: string;
  readonly capability?: string;
  readonly available?: boolean;
  readonly limit?: string;
  readonly cursor?: string;
}

/** `iorch agent list` */
export const listAgents =
  (context: Context) =>
  async (options: ListAgentsOptions): Promise<ExitCode> => {
    const { status, capability, available, limit, cursor } = options;
    const asked = { status, capability, available_only: available ? 'true' : undefined, limit, cursor };
    const query = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    const page = await clientOf(context, options).call('listAgents', { query });
    if (options.json) printJson(context, page);
    else {
      context.terminal.out(agentTable(page.items, context.now(), context.terminal.columns));
      sayMore(context, page.next_cursor);
    }
    return exitCode.done;
  };

/** `iorch agent get` */
export const getAgent =
  (context: Context) =>
  async (agent_id: string, options: CommonOptions): Promise<ExitCode> => {
    const agent = await clientOf(context, options).call('getAgent', { params: { agent_id } });
    if (options.json) printJson(context, agent);
    else context.terminal.out(agentFields(agent));
    return exitCode.done;
  };
