import * as z from 'zod';
import type { CloudFolder } from './cloud-folder.ts';
import { readJson, writePrivateJson } from './private-file.ts';

/** One API key per role. */
export const Keys = z.object({
  admin: z.string(),
  lead: z.string(),
  member: z.string(),
  viewer: z.string(),
  runner: z.string(),
});
export type Keys = z.infer<typeof Keys>;
export type KeyRole = keyof Keys;
export const roles = Keys.keyof().options;

/** What a program needs to use a local cloud. null: there is no such thing yet. */
export const StackFile = z.object({
  api_url: z.url(),
  websocket_url: z.url().nullable(),
  dashboard_url: z.url().nullable(),
  aws_endpoint_url: z.url(),
  region: z.string(),
  tenant_id: z.string(),
  keys: Keys,
  sample_repository: z.string(),
});
export type StackFile = z.infer<typeof StackFile>;

/** The stack that was last started in this folder; undefined when there was none. */
export const readStackFile = (folder: CloudFolder): StackFile | undefined =>
  readJson(folder.stackFile, (value) => StackFile.parse(value));

export const writeStackFile = (folder: CloudFolder, stack: StackFile): void =>
  writePrivateJson(folder.stackFile, stack);
