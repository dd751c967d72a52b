import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import { ProviderStepName, TrainingStepName } from '#contracts/training-workflow';
import { parseEnvironment } from '#runtime/environment';
import { readMachine } from '#test/support/asl-runner/definition';
import { brokenInvariants, notAtRest } from '#test/support/broken-invariants';
import { aTrainingWorldOn, type TrainingWorld, type TrainingWorldOptions } from '#test/support/training-world';

const root = path.join(import.meta.dirname, '../..');
const machine = readMachine(readFileSync(path.join(root, 'state-machines/fine-tuning.asl.json'), 'utf8'));

let current: TrainingWorld | undefined;
const theWorld = () => {
  if (current === undefined) throw new Error('no world was made');
  return current;
};

/** Stand in for the modules of runtime/ in a test file that mocks them. */
export const portsOfTheWorld = {
  ports: () => ({ ...theWorld(), environment: parseEnvironment({ STAGE: 'test' }), storeOf: () => theWorld().store }),
};
export const tokensOfTheWorld = { tokens: () => theWorld().tokens };
export const providersOfTheWorld = { providersOver: () => theWorld().providers };

/** Else the module may be one that another test file has loaded, with the real ports. */
export const sageMakerOfTheWorld = { sageMakerPackages: () => undefined, sageMakerTraining: () => undefined };

const HELD_OUT = 50;
/** So many samples that nobody learned from. */
const heldOut = Array.from({ length: HELD_OUT }, (_, index) => ({
  sessionId: `S${index}`,
  rootSessionId: `S${index}`,
  contentHash: nodeDigest.sha256(`sample ${index}`),
  replayable: true,
}));
export const evalItemsOfTheWorld = { evalItemsOf: () => async () => heldOut };

/** The steps, by the names that the definition has for them. */
const handlers = new Map<string, (event: unknown) => Promise<unknown>>();
export const loadHandlers = async (): Promise<void> => {
  for (const step of [...TrainingStepName.shape.step.options, ...ProviderStepName.shape.step.options]) {
    // an instance of its own: another test file may have loaded the one with the real ports
    handlers.set(
      step,
      (await import(`${path.join(root, 'functions/workflow', `${step}.ts`)}?driven-training`)).handler,
    );
  }
};
/** What the functions of the machine do: they find the step that is asked for. */
const handlerOf = () => async (event: unknown) => {
  const { step } = event as { step: string };
  const handler = handlers.get(step);
  if (handler === undefined) throw new Error(`there is no step ${step}`);
  return handler(event);
};

export const aTrainingWorld = async (
  options: Omit<TrainingWorldOptions, 'machine' | 'handlerOf'> = {},
): Promise<TrainingWorld> => {
  current = await aTrainingWorldOn({ machine, handlerOf, ...options });
  return current;
};

/** States that an execution has entered. */
export const statesOf = (world: TrainingWorld, jobId: string, attempt = 1, run = 1): string[] =>
  world.executionOf(jobId, attempt, run).history.entered.map(({ state }) => state);

export const restsIn = async (world: TrainingWorld, jobId: string, status: string): Promise<void> => {
  expect((await world.store.getTrainingJob(jobId)).status).toBe(status);
  expect(brokenInvariants(world.items())).toEqual([]);
  expect(notAtRest(world.items())).toEqual([]);
  expect((await world.store.findTrainingLive(jobId))?.dueAt).toBeUndefined();
  expect(await world.store.listDatasetUsers('DATASET')).toEqual([]);
};

/** Statuses that a job came to, in their order. */
export const statusesOf = async (world: TrainingWorld, jobId: string): Promise<string[]> => {
  const { items } = await world.store.listTrainingEvents(jobId, { afterSeq: 0, limit: 100 });
  return items.flatMap(({ type, payload }) =>
    type === 'training_job.status_changed' && payload['new_status'] !== payload['old_status']
      ? [String(payload['new_status'])]
      : [],
  );
};
