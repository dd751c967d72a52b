import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type CommonOptions, type Context, clientOf, printJson } from '#apps/cli/context';
import { download } from '#apps/cli/download';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { datasetFields } from '#apps/cli/output/dataset-fields';
import { datasetTable } from '#apps/cli/output/dataset-table';
import { fields } from '#apps/cli/output/table';
import { patiently } from '#apps/cli/patiently';
import { Refusal } from '#apps/cli/refusal';
import { sayMore } from '#apps/cli/say-more';
import type { CallInput, Client } from '#contracts/client';
import type { DatasetView } from '#contracts/dataset';

export interface CreateDatasetOptions extends CommonOptions {
  readonly description?: string;
  readonly minSuccessRate?: number;
  readonly type?: readonly string[];
  readonly tag?: readonly string[];
  readonly agent?: readonly string[];
  readonly model?: readonly string[];
  readonly source?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly partial?: boolean;
  readonly limit?: string;
  readonly eval?: number;
  readonly seed?: number;
  /** False with `--no-transcripts`. */
  readonly transcripts?: boolean;
  readonly watch?: boolean;
}

const WATCH_MS = 1000;

type Body = CallInput<'createDataset'>['body'];

/** Only what was asked for: the API knows the defaults. */
const given = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const bodyOf = (name: string, options: CreateDatasetOptions): Body =>
  ({
    name,
    ...given({ description: options.description }),
    filters: given({
      min_success_rate: options.minSuccessRate,
      session_types: options.type,
      tags: options.tag,
      agent_ids: options.agent,
      model_identifiers: options.model,
      success_sources: options.source,
      created_from: options.since,
      created_to: options.until,
      include_partial: options.partial,
      limit: options.limit === undefined ? undefined : Number(options.limit),
    }),
    split: given({ eval_fraction: options.eval, seed: options.seed }),
    ...(options.transcripts === false ? { include_transcripts: false } : {}),
  }) as Body;

const read = (client: Client, dataset_id: string) => client.call('getDataset', { params: { dataset_id } });

/** Looks until the dataset is not being built any more. */
const untilBuilt = async (client: Client, made: DatasetView, { sleep }: Context): Promise<DatasetView> => {
  let dataset = made;
  while (dataset.status === 'building') {
    await sleep(WATCH_MS);
    dataset = await patiently(() => read(client, made.id), sleep);
  }
  return dataset;
};

const show = (context: Context, dataset: DatasetView, { json }: CommonOptions) => {
  if (json) printJson(context, dataset);
  else context.terminal.out(datasetFields(dataset));
};

/** `iorch train dataset create` */
export const createDataset =
  (context: Context) =>
  async (name: string, options: CreateDatasetOptions): Promise<ExitCode> => {
    const client = clientOf(context, options);
    const made = await client.call('createDataset', { body: bodyOf(name, options), idempotencyKey: randomUUID() });
    const dataset = options.watch ? await untilBuilt(client, made, context) : made;
    show(context, dataset, options);
    if (dataset.status === 'building' && !options.json)
      context.terminal.err(`look again: ${context.program} train dataset get ${dataset.id}`);
    return dataset.status === 'building' || dataset.status === 'ready' ? exitCode.done : exitCode.unfit;
  };

export interface ListDatasetsOptions extends CommonOptions {
  readonly status?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** `iorch train dataset list` */
export const listDatasets =
  (context: Context) =>
  async (options: ListDatasetsOptions): Promise<ExitCode> => {
    const { status, limit, cursor } = options;
    const page = await clientOf(context, options).call('listDatasets', { query: given({ status, limit, cursor }) });
    if (options.json) printJson(context, page);
    else {
      context.terminal.out(datasetTable(page.items, context.now(), context.terminal.columns));
      sayMore(context, page.next_cursor);
    }
    return exitCode.done;
  };

/** `iorch train dataset get` */
export const getDataset =
  (context: Context) =>
  async (id: string, options: CommonOptions): Promise<ExitCode> => {
    show(context, await read(clientOf(context, options), id), options);
    return exitCode.done;
  };

export interface ListItemsOptions extends CommonOptions {
  readonly part?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** `iorch train dataset items` */
export const listDatasetItems =
  (context: Context) =>
  async (dataset_id: string, options: ListItemsOptions): Promise<ExitCode> => {
    const { part, limit, cursor } = options;
    const client = clientOf(context, options);
    const query = given({ part, limit, cursor });
    const page = await client.call('listDatasetItems', { params: { dataset_id }, query });
    if (options.json) printJson(context, page);
    else {
      for (const item of page.items) context.terminal.out(JSON.stringify(item));
      sayMore(context, page.next_cursor);
    }
    return exitCode.done;
  };

export interface DownloadOptions extends CommonOptions {
  readonly to?: string;
  readonly force?: boolean;
}

/** Files are named by the second at which their dataset was ready: those of another one may have the same names. */
const keepOthers = (files: readonly { readonly file: string }[]) => {
  const present = files.find(({ file }) => existsSync(file));
  if (present)
    throw new Refusal(`${present.file} exists already, maybe of another dataset; nothing was downloaded.`, {
      remedy: 'Name another folder with --to, or overwrite it with --force.',
    });
};

/** `iorch train dataset download` */
export const downloadDataset =
  (context: Context) =>
  async (id: string, options: DownloadOptions): Promise<ExitCode> => {
    const { downloads, status } = await read(clientOf(context, options), id);
    if (downloads === undefined)
      throw new Refusal(`the dataset is ${status}: it has no files`, { code: exitCode.refused });
    const folder = path.resolve(options.to ?? '.');
    await mkdir(folder, { recursive: true });
    const files = Object.entries(downloads).map(([part, { url, file_name }]) => ({
      ...{ part, url },
      file: path.join(folder, file_name),
    }));
    if (!options.force) keepOthers(files);
    for (const { url, file } of files) await download(url, file);
    if (options.json) printJson(context, { files: files.map(({ file }) => file) });
    else context.terminal.out(fields(files.map(({ part, file }) => [part, file])));
    return exitCode.done;
  };

/** `iorch train dataset delete` */
export const deleteDataset =
  (context: Context) =>
  async (dataset_id: string, options: CommonOptions): Promise<ExitCode> => {
    await clientOf(context, options).call('deleteDataset', { params: { dataset_id } });
    if (options.json) printJson(context, { deleted: dataset_id });
    else context.terminal.out(`the files of dataset ${dataset_id} are deleted; its record stays`);
    return exitCode.done;
  };
