import { type CommonOptions, type Context, printJson } from '#apps/cli/context';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { fields } from '#apps/cli/output/table';

/** `iorch whoami`: which API, as whom, for which tenant. */
export const whoami =
  (context: Context) =>
  async (options: CommonOptions): Promise<ExitCode> => {
    const connection = context.connection('sessions', options.profile);
    const me = await context.client(connection).call('getMe', {});
    if (options.json) printJson(context, me);
    else {
      context.terminal.out(
        fields([
          ['api', `${connection.apiUrl} (version ${me.api_version})`],
          ['from', connection.source],
          ['as', `${me.principal.name ?? me.principal.id} (${me.principal.kind})`],
          ['role', me.role],
          ['tenant', `${me.tenant.name} (${me.tenant.id})`],
        ]),
      );
    }
    return exitCode.done;
  };
