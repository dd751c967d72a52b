import { isStray } from '#domain/training-job/stray';
import { makeLooks, TICK_MS, type TickCounts } from './poll-training-jobs.ts';
import type { Clock } from './ports/clock.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { ListedAttempt, TrainingFleet } from './ports/training-fleet.ts';
import type { TrainingRemark } from './training-trouble.ts';

/** A training that was found to run for nobody. */
export interface StrayRemark extends TrainingRemark {
  readonly found: 'training_stray';
  readonly attempt: number;
  readonly externalJobId: string;
  readonly isStopped: boolean;
}

export interface StrayPorts {
  readonly fleet: TrainingFleet;
  readonly storeOf: (tenantId: string) => TenantStore;
  readonly clock: Clock;
  /** Is told what people should know. */
  readonly report: (remark: StrayRemark) => void;
}

/**
 * Stops trainings that no job knows of, which its poller would never see: the record was lost, or was never what it should be. One
 * that cannot be looked at, or not be stopped, is looked at again the next time.
 * @throws when the provider does not list them
 */
export const makeStopStrays = ({ fleet, storeOf, clock, report }: StrayPorts) => {
  const stop = async (tenantId: string, { externalJobId, jobId, attempt }: ListedAttempt): Promise<void> => {
    const tell = (isStopped: boolean) =>
      report({ tenantId, jobId, found: 'training_stray', attempt, externalJobId, isStopped });
    try {
      await fleet.stop(externalJobId);
    } catch (error) {
      tell(false);
      throw error;
    }
    tell(true);
  };

  return async (): Promise<TickCounts> => {
    const looks = makeLooks(clock, TICK_MS);
    const isTimeLeft = await looks.all(await fleet.underWay(), async (training) => {
      // without a job it is one whatever its tenant: the young ones need no look
      if (!isStray(training, undefined, clock.now())) return 'unchanged';
      const tenantId = await fleet.tenantOf(training);
      if (tenantId === undefined) return 'unchanged';
      // read after the list: a job is stored before its training begins
      const job = await storeOf(tenantId).findTrainingJob(training.jobId);
      if (!isStray(training, job, clock.now())) return 'unchanged';
      await stop(tenantId, training);
      return 'updated';
    });
    return { ...looks.counts(), isCutShort: !isTimeLeft };
  };
};
