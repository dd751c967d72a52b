import type { CounterDrift } from '#application/counter-drift';
import { makeSweepAgents } from '#application/sweep-agents';
import { makeSweepBuilds } from '#application/sweep-builds';
import { makeSweepErasures } from '#application/sweep-erasures';
import { makeSweepGates } from '#application/sweep-gates';
import { makeSweepLeases } from '#application/sweep-leases';
import { makeSweepWaits } from '#application/sweep-waits';
import { makeSweepWork } from '#application/sweep-work';
import { logCounterDrift } from '#runtime/log-counter-drift';
import { logRecoveries } from '#runtime/log-recoveries';
import { logger } from '#runtime/logger';
import { portsWithObjects } from '#runtime/ports-with-objects';

/**
 * Each minute: ends what its owner no longer renews, starts lost drivers anew, notices agents that have fallen silent, routes
 * waiting work again, recounts, and erases what was deleted long ago.
 */
export const handler = async (): Promise<void> => {
  const { dueWork, storeOf, objectsOf, clock, ids, environment } = portsWithObjects();
  const shared = { due: dueWork(), storeOf, clock, ids };
  const report = (drift: CounterDrift) => logCounterDrift(drift, environment.STAGE);
  const sweepWaits = async () => {
    const swept = await makeSweepWaits(shared)();
    logRecoveries(swept, environment.STAGE);
    return swept;
  };
  const sweepBuilds = async () => {
    const swept = await makeSweepBuilds(shared)();
    logRecoveries(swept, environment.STAGE, { what: 'datasets' });
    return swept;
  };
  const sweeps = {
    leases: makeSweepLeases(shared),
    waits: sweepWaits,
    builds: sweepBuilds,
    agents: makeSweepAgents({ ...shared, report }),
    erasures: makeSweepErasures({ ...shared, objectsOf }),
    work: makeSweepWork(shared),
    gates: makeSweepGates({ ...shared, report }),
  };
  // a kind of work that cannot be done keeps no other from being done
  const done = await Promise.allSettled(
    Object.entries(sweeps).map(async ([kind, sweep]) => logger.info(`swept ${kind}`, { ...(await sweep()) })),
  );
  const failures = done.flatMap((sweep) => (sweep.status === 'rejected' ? [sweep.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, 'the sweep is not complete');
};
