import { drives } from '#domain/training-job/driver';
import type { TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import type { TrainingStep } from './estimate-cost.ts';
import type { TrainingStore } from './ports/training-store.ts';
import { readTraining } from './training-writes.ts';

/** What the machine does next: compare the model, register it, wait again, show why there is none, or leave it to somebody else. */
export type TrainingJudged = 'evaluate' | 'register' | 'open' | 'failed' | 'elsewhere';

const judged = ({ status }: TrainingJob, { trainedAt }: TrainingLive): TrainingJudged => {
  switch (status) {
    case 'evaluating':
      return 'evaluate';
    case 'running':
      return trainedAt === undefined ? 'open' : 'register';
    case 'queued':
      return 'open';
    case 'failed':
      return 'failed';
    default:
      return 'elsewhere';
  }
};

/** Judge Training: looks up what became of the attempt. */
export const makeJudgeTraining =
  ({ store }: { store: TrainingStore }) =>
  async (step: TrainingStep): Promise<TrainingJudged> => {
    const { job, live } = await readTraining(store, step.jobId);
    return drives(step, job) ? judged(job, live) : 'elsewhere';
  };
