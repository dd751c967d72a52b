import type { TrainingJob } from './training-job.ts';

/** Whose execution drives a job: of which attempt, and which one of it. */
export interface TrainingDriver {
  readonly attempt: number;
  /** The first one where absent. */
  readonly run?: number | undefined;
}

/** The number of an execution among those of an attempt. */
export const runOf = ({ run = 1 }: Pick<TrainingDriver, 'run'>): number => run;

/** Whether an execution is the one that drives the job. What an earlier one still does changes nothing. */
export const drives = (driver: TrainingDriver, job: Pick<TrainingJob, 'attempt' | 'run'>): boolean =>
  driver.attempt === job.attempt && runOf(driver) === runOf(job);

/** The execution of a job's attempt, for whoever starts or stops it. */
export const driverOf = ({ id, attempt, run }: Pick<TrainingJob, 'id' | 'attempt' | 'run'>) => ({
  jobId: id,
  attempt,
  ...(run === undefined ? {} : { run }),
});
