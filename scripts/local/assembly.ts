import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { makePrivateFolder, projectRoot } from './cloud-folder.ts';
import { withLock } from './file-lock.ts';
import { deploymentInputs, inputHash } from './input-hash.ts';
import { cdkEnvironment } from './local-aws.ts';
import { runProgram } from './run-program.mjs';

/** The synthesized stacks with their code, ready to be deployed to any local cloud of this clone. */
export interface Assembly {
  /** The folder that `cdk deploy --app` takes. */
  readonly path: string;
  /** Hash of everything it was made from. */
  readonly inputs: string;
  readonly stackNames: readonly string[];
}

const patienceMs = 300_000;

const Manifest = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({ type: z.string(), properties: z.looseObject({ stackName: z.string().optional() }).optional() }),
  ),
});

const textHash = (text: string): string => createHash('sha256').update(text).digest('hex');

const stackNamesIn = (path: string): string[] => {
  const { artifacts } = Manifest.parse(JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')));
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { properties }]) => properties?.stackName ?? id);
};

type Context = Readonly<Record<string, string>>;

/** Each choice of settings has a folder, so that two of them do not take turns in one. */
const folderName = (context: Context): string =>
  Object.keys(context).length === 0 ? 'assembly' : `assembly-${textHash(JSON.stringify(context)).slice(0, 8)}`;

/**
 * Builds the functions and synthesizes the stacks of stage `local`, with more CDK context if there is any, unless that was done with
 * the same inputs before.
 */
export const makeAssembly = (endpoint: string, context: Context, remark: (text: string) => void): Promise<Assembly> => {
  const shared = join(projectRoot, '.local');
  makePrivateFolder(shared);
  return withLock(join(shared, 'assembly.lock'), patienceMs, async () => {
    const path = join(shared, folderName(context));
    // beside the folder, because synthesis owns what is in it
    const marker = `${path}.inputs`;
    const inputs = textHash(`${inputHash(projectRoot, deploymentInputs)}${JSON.stringify(context)}`);
    if (existsSync(path) && existsSync(marker) && readFileSync(marker, 'utf8') === inputs) {
      remark('unchanged');
    } else {
      rmSync(marker, { force: true });
      rmSync(path, { recursive: true, force: true });
      const given = Object.entries({ ...context, stage: 'local' }).flatMap((pair) => ['--context', pair.join('=')]);
      await runProgram(
        join(projectRoot, 'node_modules/.bin/cdk'),
        ['synth', '--all', '--quiet', ...given, '--output', path],
        {
          cwd: projectRoot,
          env: cdkEnvironment(endpoint, join(shared, 'home')),
          log: join(shared, 'logs/synth.log'),
          remedy: 'Mend what it names and run this command again.',
        },
      );
      writeFileSync(marker, inputs);
    }
    return { path, inputs, stackNames: stackNamesIn(path) };
  });
};
