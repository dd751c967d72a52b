import { rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { makeAssembly } from './assembly.ts';
import type { CloudFolder } from './cloud-folder.ts';
import { apiUrlOf, bootstrapAccount, deploy, type Outputs } from './deployment.ts';
import { type Emulator, endEmulator, endpointOf, isHealthy, recordedEmulator, startEmulator } from './emulator.ts';
import { anyFreePort, choosePort, portOfSavedData } from './free-port.ts';
import { region } from './local-aws.ts';
import type { LocalTraining } from './local-training.ts';
import { Problem } from './problem.mjs';
import { isAlive } from './process-identity.ts';
import { rescueClients, rescueExecutions } from './rescue-executions.ts';
import { endRunner, isRunnerServing, type RunnerTarget, startRunner } from './runner-process.ts';
import { makeSampleRepository } from './sample-repository.ts';
import { hasSavedState } from './saved-state.ts';
import { seed } from './seed.ts';
import { readStackFile, type StackFile, writeStackFile } from './stack-file.ts';
import { step } from './step.mjs';

/** A started local cloud: what everybody may know, and what the stacks say about themselves. */
export interface LocalCloud {
  readonly stack: StackFile;
  readonly outputs: Outputs;
}

export interface LocalCloudOptions {
  /** Whether the emulator saves its state when it is stopped. */
  readonly keepsState: boolean;
  /** `usual`: the port used before, else 4566 and up. `any`: one that the system chooses. */
  readonly port: 'usual' | 'any';
  /** What it trains with on a SageMaker elsewhere. @default nothing: trainings are simulated only */
  readonly training?: LocalTraining | undefined;
}

const portUsedBefore = (stack: StackFile | undefined): number | undefined =>
  stack && Number(new URL(stack.aws_endpoint_url).port);

const portFor = (before: number | undefined, isSaved: boolean, port: LocalCloudOptions['port']): Promise<number> => {
  if (isSaved && before !== undefined) return portOfSavedData(before);
  return port === 'any' ? anyFreePort() : choosePort(before);
};

/** Takes over the emulator that runs in the folder, or starts one. What a start left behind that never got as far as a stack file is begun anew. */
const findOrStartEmulator = async (
  folder: CloudFolder,
  { keepsState, port, training }: LocalCloudOptions,
  remark: (text: string) => void,
): Promise<Emulator> => {
  const before = readStackFile(folder);
  const recorded = recordedEmulator(folder);
  const endpoints = training?.endpoints ?? {};
  if (before && recorded && isAlive(recorded) && (await isHealthy(recorded))) {
    if (!isDeepStrictEqual(recorded.endpoints, endpoints))
      throw new Problem('The local cloud runs with another SageMaker: run npm stop and then this command again.');
    remark(`runs already, port ${recorded.port}`);
    return recorded;
  }
  // whatever talks to an emulator that is gone has to start anew with the next one
  await endRunner(folder);
  await endEmulator(folder);
  if (!before) forgetData(folder);
  const isSaved = hasSavedState(folder);
  if (!isSaved) rmSync(folder.state, { recursive: true, force: true });
  const chosen = await portFor(recorded?.port ?? portUsedBefore(before), isSaved, port);
  const emulator = await startEmulator(folder, { port: chosen, keepsState, endpoints });
  const wasKilled = before && recorded && keepsState;
  remark(`port ${chosen}${wasKilled ? '; the last one was killed: what came after the last npm stop is lost' : ''}`);
  return emulator;
};

/** Forgets what a local cloud that does not run has kept, but for the sample repository. */
export const forgetData = (folder: CloudFolder): void => {
  for (const path of [folder.stackFile, folder.credentialsFile, folder.state, folder.home, folder.runnerWork]) {
    rmSync(path, { recursive: true, force: true });
  }
};

const findOrStartRunner = async (
  folder: CloudFolder,
  target: RunnerTarget,
  remark: (text: string) => void,
): Promise<void> => {
  if (isRunnerServing(folder, target)) return remark('runs already');
  await endRunner(folder);
  await startRunner(folder, target);
};

/**
 * Brings everything up, step by step, and leaves it running: emulator, stacks, demo tenant, sample repository, runner.
 * What runs or is there already stays. Throws a Problem when a step fails; calling it again goes on from there.
 */
export const startLocalCloud = async (folder: CloudFolder, options: LocalCloudOptions): Promise<LocalCloud> => {
  const startedAt = Date.now();
  const emulator = await step('AWS emulator', (remark) => findOrStartEmulator(folder, options, remark));
  const endpoint = endpointOf(emulator);
  const { context = {} } = options.training ?? {};
  const assembly = await step('Functions and stacks, built', (remark) => makeAssembly(endpoint, context, remark));
  await step('AWS account, prepared', (remark) => bootstrapAccount(endpoint, folder, remark));
  const outputs = await step('Stacks, deployed', (remark) => deploy(endpoint, folder, assembly, remark));
  const apiUrl = apiUrlOf(endpoint, outputs);
  const { credentialsFile } = folder;
  const target = { endpoint, apiUrl, bootstrapTokenSecret: outputs.BootstrapTokenSecret, credentialsFile };
  const demo = await step('Demo tenant and keys', (remark) => seed(target, remark));
  await step('Sample repository', (remark) => makeSampleRepository(folder.sampleRepository, remark));
  const stack: StackFile = {
    api_url: apiUrl,
    websocket_url: null,
    dashboard_url: null,
    aws_endpoint_url: endpoint,
    region,
    tenant_id: demo.tenant_id,
    keys: demo.keys,
    sample_repository: folder.sampleRepository,
  };
  writeStackFile(folder, stack);
  const machines = [
    { arn: outputs.SessionLifecycleArn, rescue: outputs.RescueFunctionName },
    { arn: outputs.FineTuningArn, rescue: outputs.TrainingPollerFunctionName },
    {
      arn: outputs.DatasetCurationArn,
      rescue: outputs.CurationStepFunctionName,
      beside: { step: 'end-curation' },
    },
  ];
  await step('Work under way, gone on with', (remark) =>
    rescueExecutions(rescueClients(endpoint), machines, startedAt, remark),
  );
  await step('Runner', (remark) => findOrStartRunner(folder, { apiUrl, key: stack.keys.runner }, remark));
  return { stack, outputs };
};

/** Ends everything that was started in the folder, and nothing else. Returns whether something ran. */
export const stopLocalCloud = async (folder: CloudFolder): Promise<boolean> => {
  const emulator = recordedEmulator(folder);
  const hadEmulator = emulator !== undefined && isAlive(emulator);
  const hadRunner = await step('Runner, ended', () => endRunner(folder));
  await step('AWS emulator, ended', async (remark) => {
    if (!(await endEmulator(folder))) remark('it had to be killed: what came after its last stop is lost');
  });
  return hadRunner || hadEmulator;
};
