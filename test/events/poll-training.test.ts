import { beforeAll, expect, it, vi } from 'vitest';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import type { TrainingFleet } from '#application/ports/training-fleet';
import { logger } from '#runtime/logger';
import { aProviderJob } from '#test/support/a-provider-job';
import { aClock } from '#test/support/ports-in-memory';
import { aDrivenProvider } from '#test/support/sagemaker/a-driven-provider';

const clock = aClock();
const memory = makeMemoryEngine();
const due = vi.fn();
const { provider, fleet } = aDrivenProvider(() => clock.now());
let offered: TrainingFleet | undefined;
vi.mock('#runtime/ports', () => ({
  ports: () => ({
    clock,
    environment: { STAGE: 'test' },
    storeOf: (tenantId: string) => makeTenantStore(memory, tenantId),
    dueWork: due,
  }),
}));
vi.mock('#runtime/sagemaker', () => ({ sageMakerFleet: () => offered, changedOnSageMaker: () => undefined }));
vi.mock('#runtime/training-providers', () => ({ providersOver: () => () => provider }));
vi.mock('#runtime/step-functions', () => ({ tokens: () => undefined }));

let handler: (event: unknown) => Promise<void>;
beforeAll(async () => {
  handler = (await import('#functions/events/poll-training')).handler;
});

it('the call of each hour stops what no job knows of, calls for attention, and looks at nothing else', async () => {
  const warn = vi.spyOn(logger, 'warn').mockReturnValue();
  vi.spyOn(logger, 'info').mockReturnValue();
  const { externalJobId } = await provider.start(aProviderJob());
  clock.advance(3600);
  // a stage that does not train there
  await handler({ task: 'stop-strays' });
  expect(await fleet.underWay()).toHaveLength(1);
  offered = fleet;
  await handler({ task: 'stop-strays' });
  expect(await fleet.underWay()).toEqual([]);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn).toHaveBeenCalledWith(
    'training_stray',
    expect.objectContaining({ stage: 'test', training_stray: 1, attention: 1, externalJobId, isStopped: true }),
  );
  expect(due).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});
