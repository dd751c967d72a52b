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

const stackNamesIn = (path: string): string[] => {
  const { artifacts } = Manifest.parse(JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')));
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { properties }]) => properties?.stackName ?? id);
};

/** Builds the functions and synthesizes the stacks of stage `local`, unless that was done with the same inputs before. */
export const makeAssembly = (endpoint: string, remark: (text: string) => void): Promise<Assembly> => {
  const shared = join(projectRoot, '.local');
  makePrivateFolder(shared);
  return withLock(join(shared, 'assembly.lock'), patienceMs, async () => {
    const path = join(shared, 'assembly');
    // beside the folder, because synthesis owns what is in it
    const marker = `${path}.inputs`;
    const inputs = inputHash(projectRoot, deploymentInputs);
    if (existsSync(path) && existsSync(marker) && readFileSync(marker, 'utf8') === inputs) {
      remark('unchanged');
    } else {
      rmSync(marker, { force: true });
      rmSync(path, { recursive: true, force: true });
      await runProgram(
        join(projectRoot, 'node_modules/.bin/cdk'),
        ['synth', '--all', '--quiet', '--context', 'stage=local', '--output', path],
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
