import { type CommonOptions, type Context, clientOf, printJson } from '#apps/cli/context';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { modelFields, modelTable, moveTable, versionReport, versionTable } from '#apps/cli/output/model-report';
import { trialReport } from '#apps/cli/output/trial-report';
import { sayMore } from '#apps/cli/say-more';
import type { ModelAnswer } from '#contracts/model';

export interface PageOptions extends CommonOptions {
  readonly limit?: string;
  readonly cursor?: string;
}

const pageOf = ({ limit, cursor }: PageOptions) => ({
  ...(limit === undefined ? {} : { limit }),
  ...(cursor === undefined ? {} : { cursor }),
});

const showPage = <Item>(
  context: Context,
  { json }: CommonOptions,
  page: { readonly items: readonly Item[]; readonly next_cursor?: string | undefined },
  print: (items: readonly Item[]) => string,
): ExitCode => {
  if (json) printJson(context, page);
  else {
    context.terminal.out(print(page.items));
    sayMore(context, page.next_cursor);
  }
  return exitCode.done;
};

const showModel = (context: Context, { json }: CommonOptions, model: ModelAnswer): ExitCode => {
  if (json) printJson(context, model);
  else context.terminal.out(modelFields(model));
  return exitCode.done;
};

/** `iorch train model list` */
export const listModels =
  (context: Context) =>
  async (options: PageOptions): Promise<ExitCode> => {
    const page = await clientOf(context, options).call('listModels', { query: pageOf(options) });
    return showPage(context, options, page, (items) => modelTable(items, context.now(), context.terminal.columns));
  };

/** `iorch train model get`: a model, or one version of it with its comparison. */
export const getModel =
  (context: Context) =>
  async (model_name: string, version: string | undefined, options: CommonOptions): Promise<ExitCode> => {
    const client = clientOf(context, options);
    if (version === undefined) {
      return showModel(context, options, await client.call('getModel', { params: { model_name } }));
    }
    const found = await client.call('getModelVersion', { params: { model_name, version } });
    if (options.json) printJson(context, found);
    else context.terminal.out(versionReport(found, context.terminal.columns));
    return exitCode.done;
  };

export interface VersionsOptions extends PageOptions {
  readonly status?: string;
}

/** `iorch train model versions` */
export const listVersions =
  (context: Context) =>
  async (model_name: string, options: VersionsOptions): Promise<ExitCode> => {
    const { status } = options;
    const query = { ...pageOf(options), ...(status === undefined ? {} : { status }) };
    const page = await clientOf(context, options).call('listModelVersions', { params: { model_name }, query });
    return showPage(context, options, page, (items) => versionTable(items, context.now(), context.terminal.columns));
  };

/** Which of the trials of a model are shown. */
export interface CompareOptions extends CommonOptions {
  readonly all?: boolean;
}

/** `iorch train model compare`: the newest trial of the challenger, or all that are kept. */
export const compareModel =
  (context: Context) =>
  async (model_name: string, options: CompareOptions): Promise<ExitCode> => {
    const found = await clientOf(context, options).call('listModelTrials', { params: { model_name } });
    const items = options.all ? found.items : found.items.slice(0, 1);
    if (options.json) printJson(context, { items });
    else context.terminal.out(trialReport(model_name, items, context.terminal.columns));
    return exitCode.done;
  };

/** `iorch train model history` */
export const listHistory =
  (context: Context) =>
  async (model_name: string, options: PageOptions): Promise<ExitCode> => {
    const query = pageOf(options);
    const page = await clientOf(context, options).call('listModelHistory', { params: { model_name }, query });
    return showPage(context, options, page, (items) => moveTable(items, context.terminal.columns));
  };

export interface PromoteOptions extends CommonOptions {
  readonly alias?: string;
  readonly force?: boolean;
  readonly reason?: string;
  readonly servedAs?: string;
  readonly expect?: string;
}

/** `iorch train model promote` */
export const promoteModel =
  (context: Context) =>
  async (model_name: string, version: string, options: PromoteOptions): Promise<ExitCode> => {
    const { alias, force, reason, servedAs: serving_model_identifier, expect: expected_version } = options;
    const body = { version, alias, force, reason, serving_model_identifier, expected_version };
    const model = await clientOf(context, options).call('promoteModel', { params: { model_name }, body });
    return showModel(context, options, model);
  };

export interface RollbackOptions extends CommonOptions {
  readonly alias?: string;
  readonly reason?: string;
}

/** `iorch train model rollback` */
export const rollbackModel =
  (context: Context) =>
  async (model_name: string, options: RollbackOptions): Promise<ExitCode> => {
    const { alias, reason } = options;
    const model = await clientOf(context, options).call('rollbackModel', {
      params: { model_name },
      body: { alias, reason },
    });
    return showModel(context, options, model);
  };

/** `iorch train model archive` */
export const archiveVersion =
  (context: Context) =>
  async (model_name: string, version: string, options: CommonOptions): Promise<ExitCode> => {
    const params = { model_name, version };
    const archived = await clientOf(context, options).call('archiveModelVersion', { params, body: {} });
    if (options.json) printJson(context, archived);
    else context.terminal.out(versionReport({ ...archived, evaluation: null }, context.terminal.columns));
    return exitCode.done;
  };

export interface ChallengeOptions extends CommonOptions {
  readonly percent: string;
}

/** `iorch train model challenge`: how many of the champion's sessions try the challenger. */
export const challengeModel =
  (context: Context) =>
  async (model_name: string, options: ChallengeOptions): Promise<ExitCode> => {
    const body = { challenger_percent: Number(options.percent) };
    const model = await clientOf(context, options).call('updateModel', { params: { model_name }, body });
    return showModel(context, options, model);
  };
