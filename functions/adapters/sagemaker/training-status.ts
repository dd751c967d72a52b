import type { ProviderReport } from '#domain/training-job/advance';
import type { Phase } from '#domain/training-job/training-job';

/** What SageMaker says of a training job, in its own words. */
export interface SageMakerStatus {
  readonly status: string;
  readonly secondaryStatus: string;
  readonly failureReason?: string | undefined;
}

type Standing = Pick<ProviderReport, 'status' | 'phase' | 'error'>;

const MESSAGE_LENGTH = 1000;

// what the job does not know to follow from leaves it as it is
const UNKNOWN: Standing = { status: 'unknown' };

const queued: Standing = { status: 'queued', phase: 'preparing' };
const running = (phase: Phase): Standing => ({ status: 'running', phase });

const IN_PROGRESS: Readonly<Record<string, Standing>> = {
  Pending: queued,
  Starting: queued,
  LaunchingMLInstances: queued,
  PreparingTrainingStack: queued,
  DownloadingTrainingImage: queued,
  Downloading: running('downloading'),
  Training: running('training'),
  Uploading: running('uploading'),
  Updating: running('training'),
  Interrupted: running('interrupted'),
  Restarting: running('interrupted'),
};

// the lowest rank: whatever the job is, it stays
const stopping: Standing = { status: 'queued', phase: 'stopping' };

const timeout = (message: string): Standing => ({ status: 'failed', error: { code: 'TRAINING_TIMEOUT', message } });

const STOPPED: Readonly<Record<string, Standing>> = {
  Stopped: { status: 'cancelled' },
  MaxRuntimeExceeded: timeout('the training ran longer than compute.max_runtime_seconds'),
  MaxWaitTimeExceeded: timeout('waiting for spot machines and training took longer than compute.max_wait_seconds'),
};

const failed = (reason: string | undefined): Standing => ({
  status: 'failed',
  error: {
    code: 'TRAINING_FAILED',
    message: reason?.trim() ? reason.slice(0, MESSAGE_LENGTH) : 'SageMaker gave no reason',
  },
});

const ofTable = (table: Readonly<Record<string, Standing>>, word: string): Standing =>
  Object.hasOwn(table, word) ? (table[word] ?? UNKNOWN) : UNKNOWN;

/** Where a job stands by what SageMaker says. A word that nobody knows is `unknown`: nothing follows from it. */
export const standingOf = ({ status, secondaryStatus, failureReason }: SageMakerStatus): Standing => {
  switch (status) {
    case 'InProgress':
      return ofTable(IN_PROGRESS, secondaryStatus);
    case 'Completed':
      return secondaryStatus === 'Completed' ? { status: 'completed' } : UNKNOWN;
    case 'Failed':
      return secondaryStatus === 'Failed' ? failed(failureReason) : UNKNOWN;
    case 'Stopping':
    case 'Deleting':
      return stopping;
    case 'Stopped':
      return ofTable(STOPPED, secondaryStatus);
    default:
      return UNKNOWN;
  }
};
