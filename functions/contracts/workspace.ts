import * as z from 'zod';
import { text } from './primitives.ts';

const MAX_COMMANDS = 20;
// with the longest prompt, what a retry adds to it, and two maps of 16 KB it is still one item of the table
const MAX_BYTES = 96 * 1024;

const SCP_STYLE = /^[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:[^\s:]\S*$/;

/** A user name alone is part of an ssh address; anywhere else it is a credential. What cannot be read may hide one. */
const hasCredentials = (url: string) => {
  if (SCP_STYLE.test(url)) return false;
  const parsed = URL.parse(url);
  if (parsed === null) return true;
  return parsed.password !== '' || (parsed.username !== '' && parsed.protocol !== 'ssh:');
};

const REPOSITORY_URL = /^(https|ssh|git|file):\/\/\S+$/;

const RepositoryUrl = z
  .string()
  .max(2048)
  .refine((url) => REPOSITORY_URL.test(url) || SCP_STYLE.test(url), 'must be an https, ssh, git or file URL')
  .refine(
    (url) => !hasCredentials(url),
    'must be a readable address without credentials; the runner uses its own git credentials',
  )
  .meta({ example: 'https://github.com/acme/shop.git' });

const isBranchName = (name: string) =>
  /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(name) && !/\.\.|\/\/|\.lock$|\.lock\/|[./]$|\/\./.test(name);

export const WorkspaceCommand = z
  .strictObject({
    name: text(1, 60),
    run: text(1, 2000).refine((run) => run.trim() !== '', 'must not be blank'),
    timeout_seconds: z.number().int().min(1).max(3600).default(600),
    weight: z.number().min(0).max(100).default(1),
  })
  .meta({ id: 'WorkspaceCommand', example: { name: 'tests', run: 'npm test', timeout_seconds: 600, weight: 1 } });

const TOOLS = ['*', 'read', 'edit', 'bash', 'webfetch', 'task', 'question'] as const;

const Permission = z
  .enum(['allow', 'deny', 'ask'])
  .refine((action) => action !== 'ask', 'ask is not offered by this version; use allow or deny');

export const DEFAULT_PERMISSIONS = { '*': 'allow', question: 'deny' } as const;

const Permissions = z.partialRecord(z.enum(TOOLS), Permission).default({ ...DEFAULT_PERMISSIONS });

export const Workspace = z
  .strictObject({
    repository_url: RepositoryUrl,
    ref: text(1, 255)
      .refine((ref) => !ref.startsWith('-') && !/[\s~^:?*[\\]|\.\./.test(ref), 'must be a branch, a tag or a commit id')
      .optional(),
    subdirectory: text(1, 500)
      .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'must be relative and without ..')
      .default('.'),
    result_branch: text(1, 200).refine(isBranchName, 'must be a valid branch name').optional(),
    push: z.enum(['never', 'branch']).default('never'),
    setup: z.array(WorkspaceCommand).max(MAX_COMMANDS).default([]),
    verify: z
      .array(WorkspaceCommand)
      .max(MAX_COMMANDS)
      .refine(
        (commands) => new Set(commands.map(({ name }) => name)).size === commands.length,
        'must not repeat a name',
      )
      .default([]),
    verify_policy: z.enum(['require', 'record']).default('require'),
    permissions: Permissions,
  })
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= MAX_BYTES, 'must be at most 96 KB as JSON')
  .meta({ id: 'Workspace', description: 'The repository a session works on and how its result is verified.' });
