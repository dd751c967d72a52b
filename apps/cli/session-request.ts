import type { CallInput } from '#contracts/client';
import { CreateSessionRequest } from '#contracts/session';
import { cut } from './output/cut.ts';
import { Refusal } from './refusal.ts';
import { repositoryArgument } from './repository-argument.ts';
import { titleOf } from './title-of.ts';

/** The options of `iorch run` that shape the session. */
export interface SessionOptions {
  readonly repo?: string;
  readonly ref?: string;
  readonly subdirectory?: string;
  readonly title?: string;
  readonly verify?: readonly string[];
  readonly setup?: readonly string[];
  readonly push?: boolean;
  readonly model?: string;
  readonly tag?: readonly string[];
}

type Body = CallInput<'createSession'>['body'];

const longestName = 60;

/** The request that creates and starts a session, and what its user should know first. */
export const sessionRequest = async (
  prompt: string,
  options: SessionOptions,
): Promise<{ readonly body: Body; readonly warning?: string | undefined }> => {
  const { workspace, warning } = await workspaceOf(options);
  const body: Body = {
    title: options.title ?? titleOf(prompt, (title) => CreateSessionRequest.shape.title.safeParse(title).success),
    prompt,
    start: true,
    ...(options.model ? { model_identifier: options.model } : {}),
    ...(options.tag ? { tags: [...options.tag] } : {}),
    ...(workspace ? { workspace } : {}),
  };
  return { body, warning };
};

type Workspace = NonNullable<Body['workspace']>;

const workspaceOf = async ({ repo, ref, subdirectory, verify = [], setup = [], push }: SessionOptions) => {
  if (repo === undefined) {
    const alone = {
      '--ref': ref,
      '--subdirectory': subdirectory,
      '--verify': verify[0],
      '--setup': setup[0],
      '--push': push,
    };
    const given = Object.entries(alone).find(([, value]) => value !== undefined)?.[0];
    if (given)
      throw new Refusal(`${given} needs a repository.`, {
        remedy: 'Name it: --repo <path or URL>, for example --repo .',
      });
    return {};
  }
  const { warning, ...repository } = await repositoryArgument(repo, ref);
  const workspace: Workspace = {
    ...repository,
    ...(subdirectory === undefined ? {} : { subdirectory }),
    ...(setup.length === 0 ? {} : { setup: setup.map(command) }),
    ...(verify.length === 0 ? {} : { verify: verify.map(command) }),
    ...(push ? { push: 'branch' as const } : {}),
  };
  return { workspace, warning };
};

const command = (run: string) => ({ name: cut(run, longestName), run });
