import { join } from 'node:path';
import { CloudFormationClient, paginateDescribeStacks, type Stack } from '@aws-sdk/client-cloudformation';
import { DescribeTimeToLiveCommand, DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Assembly } from './assembly.ts';
import { type CloudFolder, projectRoot } from './cloud-folder.ts';
import { account, cdkEnvironment, localAws, region } from './local-aws.ts';
import { runProgram } from './run-program.mjs';

/** What the stacks say about themselves, as far as the local cloud needs it. */
const Outputs = z.looseObject({
  ApiId: z.string(),
  TableName: z.string(),
  BootstrapTokenSecret: z.string(),
  SweeperFunctionName: z.string(),
  RescueFunctionName: z.string(),
  SessionLifecycleArn: z.string(),
  TrainingPollerFunctionName: z.string(),
  DatasetCurationArn: z.string(),
  CurationStepFunctionName: z.string(),
  FineTuningArn: z.string(),
});
export type Outputs = z.infer<typeof Outputs>;

const inputsTag = 'iorch:inputs';
const complete = ['CREATE_COMPLETE', 'UPDATE_COMPLETE'];
const cdk = join(projectRoot, 'node_modules/.bin/cdk');

const stacksOf = async (endpoint: string): Promise<Stack[]> => {
  const client = new CloudFormationClient(localAws(endpoint));
  const stacks: Stack[] = [];
  for await (const page of paginateDescribeStacks({ client }, {})) stacks.push(...(page.Stacks ?? []));
  return stacks;
};

const isComplete = ({ StackStatus }: Stack): boolean => complete.includes(StackStatus ?? '');

const outputsOf = (stacks: Stack[]): Outputs =>
  Outputs.parse(
    Object.fromEntries(
      stacks.flatMap(({ Outputs: outputs = [] }) =>
        outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
      ),
    ),
  );

const isDeployed = ({ inputs, stackNames }: Assembly, stacks: Stack[]): boolean =>
  stackNames.every((name) =>
    stacks.some(
      (stack) =>
        stack.StackName === name &&
        isComplete(stack) &&
        stack.Tags?.some(({ Key, Value }) => Key === inputsTag && Value === inputs),
    ),
  );

/** Makes what the CDK needs in an account before the first deployment, unless it is there. */
export const bootstrapAccount = async (
  endpoint: string,
  folder: CloudFolder,
  remark: (text: string) => void,
): Promise<void> => {
  const stacks = await stacksOf(endpoint);
  if (stacks.some((stack) => stack.StackName === 'CDKToolkit' && isComplete(stack))) return remark('unchanged');
  await runProgram(cdk, ['bootstrap', `aws://${account}/${region}`], {
    cwd: folder.path,
    env: cdkEnvironment(endpoint, folder.home),
    log: join(folder.logs, 'bootstrap.log'),
  });
};

/** Deploys the stacks unless these very inputs are deployed already. What counts is what the cloud says, not what was done last. */
export const deploy = async (
  endpoint: string,
  folder: CloudFolder,
  assembly: Assembly,
  remark: (text: string) => void,
): Promise<Outputs> => {
  const before = await stacksOf(endpoint);
  if (isDeployed(assembly, before)) {
    remark('unchanged');
    return outputsOf(before);
  }
  const how = ['--concurrency', '4', '--require-approval', 'never', '--progress', 'events', '--ci'];
  await runProgram(
    cdk,
    ['deploy', '--all', '--app', assembly.path, ...how, '--tags', `${inputsTag}=${assembly.inputs}`],
    {
      cwd: folder.path,
      env: cdkEnvironment(endpoint, folder.home),
      log: join(folder.logs, 'deploy.log'),
    },
  );
  const outputs = outputsOf(await stacksOf(endpoint));
  await enableTimeToLive(endpoint, outputs.TableName);
  return outputs;
};

/** The emulator ignores what the template says about it. */
const enableTimeToLive = async (endpoint: string, TableName: string): Promise<void> => {
  const client = new DynamoDBClient(localAws(endpoint));
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  if (TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') return;
  await client.send(
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } }),
  );
};

/** The address of the API. The emulator serves it under a path, because Node does not resolve `*.localhost`. */
export const apiUrlOf = (endpoint: string, { ApiId }: Outputs): string =>
  `${endpoint}/_aws/execute-api/${ApiId}/$default`;
