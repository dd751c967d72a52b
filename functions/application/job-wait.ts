import type { Dataset } from '#domain/dataset/dataset';
import { type AwaitedJob, isJobWaitOver, type JobWait } from '#domain/training-job/wait';
import { type Clock, isoNow } from './ports/clock.ts';
import type { TaskTokens } from './ports/executions.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { TRAINING_GATE } from './training-slot.ts';
import { readTraining } from './training-writes.ts';

type Ports = { store: TenantStore; tokens: TaskTokens };
type Known = Pick<AwaitedJob, 'job' | 'live'>;

/** What a caller has read already. A wait that came after it looks for itself, and is looked at again with the next tick. */
interface Seen {
  readonly wait: JobWait | undefined;
  readonly known: Known | undefined;
}

const lookAt =
  (store: TenantStore) =>
  async (wait: Pick<JobWait, 'jobId' | 'attempt' | 'run' | 'state'>): Promise<boolean> => {
    const { job, live } = await readTraining(store, wait.jobId);
    const dataset: Dataset | undefined =
      wait.state === 'curate-dataset' && job.datasetId ? await store.getDataset(job.datasetId) : undefined;
    const holder = wait.state === 'claim-training-slot' ? await store.findHolder(TRAINING_GATE, wait.jobId) : undefined;
    return isJobWaitOver(wait, { job, live, dataset, holder });
  };

/**
 * Stores the token of a state, then looks whether its wait is over and if so ends it: whatever was done in between has found
 * the token, or is seen here.
 */
export const makeAwaitJob =
  ({ store, tokens, clock }: Ports & { clock: Clock }) =>
  async (wait: Omit<JobWait, 'since'>): Promise<void> => {
    const stored: JobWait = { ...wait, since: isoNow(clock) };
    const isStored = await store.putJobWait(stored);
    if (isStored && !(await lookAt(store)(wait))) return;
    await tokens.complete(wait.taskToken);
    if (isStored) await store.removeJobWait(stored);
  };

/** Whether what a caller has just read or written of a job shows that its training goes on: nothing is read again then. */
const goesOn = (wait: JobWait, known: Known | undefined): boolean =>
  known !== undefined &&
  wait.state === 'train-model' &&
  !isJobWaitOver(wait, { ...known, dataset: undefined, holder: undefined });

/**
 * Completes the stored wait of a job if it is over. What comes late, twice, or about an earlier wait finds one that is not over,
 * or none, and changes nothing. Who moves the job after `known` wakes it, too.
 */
export const makeWakeJob =
  ({ store, tokens }: Ports) =>
  async (jobId: string, seen?: Seen): Promise<boolean> => {
    const wait = seen ? seen.wait : await store.findJobWait(jobId);
    if (wait === undefined || goesOn(wait, seen?.known) || !(await lookAt(store)(wait))) return false;
    await tokens.complete(wait.taskToken);
    await store.removeJobWait(wait);
    return true;
  };
