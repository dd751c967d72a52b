/** `npm start`: brings the local cloud up, leaves it running, and says how to use it. */
import { relative } from 'node:path';
import { type CloudFolder, defaultCloudFolder, projectRoot } from './cloud-folder.ts';
import { runCommand } from './command.ts';
import { startLocalCloud } from './local-cloud.ts';
import { readLocalTraining } from './local-training.ts';
import { roles, type StackFile } from './stack-file.ts';

const describe = (folder: CloudFolder, stack: StackFile): string => {
  const here = (path: string) => relative(projectRoot, path);
  const row = (name: string, value: string) => `  ${name.padEnd(12)} ${value}`;
  return [
    '',
    'The local cloud is ready and runs in the background.',
    '',
    row('API', `'${stack.api_url}'`),
    row('AWS endpoint', stack.aws_endpoint_url),
    row('tenant', stack.tenant_id),
    ...roles.map((role) => row(`key, ${role}`, stack.keys[role])),
    '',
    `The same is in ${here(folder.stackFile)}, logs are in ${here(folder.logs)}. Try:`,
    '',
    `  npx iorch run --prompt-file examples/hello.md --repo ${here(stack.sample_repository)} --verify "npm test" --push --watch`,
    '',
    'npm stop ends it and keeps its data; npm run reset forgets them.',
  ].join('\n');
};

const folder = defaultCloudFolder();
await runCommand(folder, async () => {
  const training = readLocalTraining(process.argv.slice(2), process.env);
  const { stack } = await startLocalCloud(folder, { keepsState: true, port: 'usual', training });
  console.log(describe(folder, stack));
});
