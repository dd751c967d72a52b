import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type CommonOptions, type Context, clientOf, printJson } from '#apps/cli/context';
import { download } from '#apps/cli/download';
import { everyPage } from '#apps/cli/every-page';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { type Artifact, artifactTable, attemptTable, checkpointTable } from '#apps/cli/output/session-records';
import { Refusal } from '#apps/cli/refusal';
import type { Client } from '#contracts/client';

const limit = 100;

/** Every item of a list, as a table for people. */
const showAll = <Item>(
  context: Context,
  { json }: CommonOptions,
  items: readonly Item[],
  table: (items: readonly Item[], now: number, width?: number) => string,
): ExitCode => {
  if (json) printJson(context, items);
  else context.terminal.out(table(items, context.now(), context.terminal.columns));
  return exitCode.done;
};

/** `iorch session attempts` */
export const listAttempts =
  (context: Context) =>
  async (session_id: string, options: CommonOptions): Promise<ExitCode> => {
    const client = clientOf(context, options);
    const attempts = await everyPage((cursor) =>
      client.call('listSessionAttempts', { params: { session_id }, query: { limit, cursor } }),
    );
    return showAll(context, options, attempts, attemptTable);
  };

/** `iorch session checkpoints` */
export const listCheckpoints =
  (context: Context) =>
  async (session_id: string, options: CommonOptions): Promise<ExitCode> => {
    const client = clientOf(context, options);
    const checkpoints = await everyPage((cursor) =>
      client.call('listSessionCheckpoints', { params: { session_id }, query: { limit, cursor } }),
    );
    return showAll(context, options, checkpoints, checkpointTable);
  };

export interface ArtifactsOptions extends CommonOptions {
  readonly attempt?: string;
  readonly to?: string;
}

/** `iorch session artifacts`: what there is; with `to` the files themselves. */
export const getArtifacts =
  (context: Context) =>
  async (session_id: string, options: ArtifactsOptions): Promise<ExitCode> => {
    const client = clientOf(context, options);
    const { attempt, to } = options;
    const artifacts = await everyPage((cursor) =>
      client.call('listSessionArtifacts', { params: { session_id }, query: { limit, attempt, cursor } }),
    );
    if (to === undefined) return showAll(context, options, artifacts, artifactTable);
    const files = await saveAll(client, session_id, artifacts, path.resolve(to));
    if (options.json) printJson(context, { files });
    else for (const file of files) context.terminal.out(file);
    return exitCode.done;
  };

/** An agent chose the names: they lead nowhere but into a folder that holds nothing else. */
const saveAll = async (client: Client, session_id: string, artifacts: readonly Artifact[], folder: string) => {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw new Refusal(`${folder} is not empty.`, { remedy: 'Name a new folder: agents choose the names of files.' });
  const files: string[] = [];
  for (const { id: artifact_id, path: name, sha256 } of artifacts) {
    const file = path.join(folder, name);
    if (!file.startsWith(folder + path.sep)) throw new Refusal(`${name} leads out of the folder.`);
    await mkdir(path.dirname(file), { recursive: true });
    const { download_url } = await client.call('getSessionArtifact', { params: { session_id, artifact_id } });
    await download(download_url, file, sha256);
    files.push(file);
  }
  return files;
};
