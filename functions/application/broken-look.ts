import { advance } from '#domain/training-job/advance';
import { withLeftovers } from '#domain/training-job/leftover';
import { isTerminalTraining } from '#domain/training-job/status';
import type { Polled, PollPorts } from './poll-ports.ts';
import { isoNow } from './ports/clock.ts';
import { retryConflict } from './retry-conflict.ts';
import { isTooLong } from './training-trouble.ts';
import { changeWrites, readTraining, type TrainingState } from './training-writes.ts';

/** Where a job stands after a look that broke: what its deadline means, and since when none has succeeded. */
const afterBroken = ({ job, live, input }: TrainingState, now: number) => {
  const failingSince = live.failingSince ?? new Date(now).toISOString();
  if (job.status !== 'pending' && !isTerminalTraining(job.status)) {
    const { change, live: after } = advance({ job, live, input }, undefined, now);
    return { change, live: { ...after, failingSince } };
  }
  const { leftovers = [], openReplays = [] } = live;
  return { change: undefined, live: { ...withLeftovers(live, job, { leftovers, openReplays, now }), failingSince } };
};

/**
 * What remains to be done for a job when a look at it broke, with as little as possible: its deadline is applied, and people are told
 * when no look has succeeded for long.
 */
export const makeBrokenLook = ({ store, clock, ids, report, note }: Omit<PollPorts, 'providers' | 'tokens'>) => {
  const { tenantId } = store;
  const remark = (jobId: string, since: string) => {
    if (isTooLong(since, clock.now())) report?.({ tenantId, jobId, found: 'training_not_looked_at' });
  };

  const keep = async (jobId: string): Promise<Polled> => {
    const state = await readTraining(store, jobId);
    const { change, live } = afterBroken(state, clock.now());
    await store.commit(
      change
        ? await changeWrites({ store, ids }, state.live, { change, live })
        : [{ kind: 'training-live', before: state.live, after: live }],
    );
    remark(jobId, live.failingSince);
    return change ? 'updated' : 'failed';
  };

  return {
    /** @param dueAt since when the look is due, where that is known: what cannot be stored is told by it */
    broken: async (jobId: string, error: unknown, dueAt = isoNow(clock)): Promise<Polled> => {
      note?.({ tenantId, jobId, during: 'look', error });
      try {
        return await retryConflict(clock, () => keep(jobId));
      } catch (fault) {
        note?.({ tenantId, jobId, during: 'deadline', error: fault });
        remark(jobId, dueAt);
        return 'failed';
      }
    },

    /** A look has succeeded again. */
    mended: async (jobId: string): Promise<void> => {
      const { live } = await readTraining(store, jobId);
      await store.commit([{ kind: 'training-live', before: live, after: { ...live, failingSince: undefined } }]);
    },
  };
};
