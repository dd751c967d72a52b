import * as z from 'zod';
import type { CloudFolder } from './cloud-folder.ts';
import { readJson, writePrivateJson } from './private-file.ts';

export const roles = ['admin', 'lead', 'member', 'viewer', 'runner'] as const;
export type KeyRole = (typeof roles)[number];

/** What a program needs to use a local cloud. null: there is no such thing yet. */
export const StackFile = z.object({
  api_url: z.url(),
  websocket_url: z.url().nullable(),
  dashboard_url: z.url().nullable(),
  aws_endpoint_url: z.url(),
  region: z.string(),
  tenant_id: z.string(),
  keys: z.record(z.enum(roles), z.string()),
  sample_repository: z.string(),
});
export type StackFile = z.infer<typeof StackFile>;

/** The stack that was last started in this folder; undefined when there was none. */
export const readStackFile = (folder: CloudFolder): StackFile | undefined =>
  readJson(folder.stackFile, (value) => StackFile.parse(value));

export const writeStackFile = (folder: CloudFolder, stack: StackFile): void => writePrivateJson(folder.stackFile, stack);
