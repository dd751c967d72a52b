import { type Advance, advance } from '#domain/training-job/advance';
import { withLeftovers } from '#domain/training-job/leftover';
import { driverMissingSince, isDriverLost } from '#domain/training-job/recover-job';
import { isTerminalTraining } from '#domain/training-job/status';
import type { TrainingJob } from '#domain/training-job/training-job';
import { type Answers, isSilence, makeAskAround } from './ask-around.ts';
import { makeBrokenLook } from './broken-look.ts';
import { makeContinueEvaluation } from './evaluate-model.ts';
import { makeWakeJob } from './job-wait.ts';
import type { Polled, PollPorts } from './poll-ports.ts';
import type { Write } from './ports/write.ts';
import { makeRecoverTraining } from './recover-training.ts';
import type { Told } from './told-once.ts';
import { type TrainingTrouble, troubles } from './training-trouble.ts';
import { changeWrites, pointWrites, readTraining, type TrainingState } from './training-writes.ts';

/** What a look at a training job works with. */
const isWordUnknown = (news: Look['news']): boolean =>
  typeof news === 'object' && 'status' in news && news.status === 'unknown';

/** What a look came to that brought nothing new. */
const cameTo = ({ isUnknown, hasFailed }: { isUnknown: boolean; hasFailed: boolean }): Polled => {
  if (isUnknown) return 'unknown';
  return hasFailed ? 'failed' : 'unchanged';
};

interface Look extends Pick<Answers, 'news' | 'remains'> {
  readonly isWaitedFor: boolean;
  readonly now: number;
}

/** Where a job stands after a look, and since when something about it is not as it should be. */
const lookedAt = (state: TrainingState, { news, remains, isWaitedFor, now }: Look): Advance => {
  const at = new Date(now).toISOString();
  const silent = isSilence(news)
    ? { unheardSince: state.live.unheardSince ?? at, providerError: news.providerError }
    : { unheardSince: undefined, providerError: undefined };
  const advanced = advance({ ...state, live: { ...state.live, ...silent } }, isSilence(news) ? undefined : news, now);
  return {
    ...advanced,
    live: {
      ...withLeftovers(advanced.live, state.job, { ...remains, now }),
      driverMissingSince: driverMissingSince(state.live, isWaitedFor, at),
    },
  };
};

/**
 * Looks at one job: tells its provider to stop where that was asked for, hears how the attempt stands, moves the job forward, and
 * completes the wait of its driver if that is over; a driver that is lost gets a successor. A provider that does not answer leaves
 * the job as it is. What is left running of attempts that have ended is stopped.
 * @throws ConcurrentUpdate when somebody else moved the job meanwhile: then they looked at it, too
 */
export const makePollTrainingJob = ({ store, providers, tokens, clock, ids, evaluate, report, note }: PollPorts) => {
  const wake = tokens ? makeWakeJob({ store, tokens }) : undefined;
  const recover = makeRecoverTraining({ store, clock, ids });
  const askAround = makeAskAround({ store, providers, clock, ids, note });
  const { mended } = makeBrokenLook({ store, clock, ids });
  const remark = (jobId: string, found: TrainingTrouble) => report?.({ tenantId: store.tenantId, jobId, found });

  /** Only what the driver has begun goes on here. */
  const compare = async ({ id: jobId, attempt, status }: TrainingJob): Promise<void> => {
    if (evaluate === undefined || status !== 'evaluating') return;
    if ((await store.findReplay(jobId, attempt)) === undefined) return;
    await makeContinueEvaluation({ store, clock, ids, evaluate: evaluate(store) })({ jobId, attempt });
  };

  /** A job that nobody drives: only what it left running is of interest. */
  const tidyUp = async (state: TrainingState, told: Told): Promise<Polled> => {
    const { job, live } = state;
    if (live.leftovers === undefined && live.openReplays === undefined) return 'unchanged';
    const { remains, hasFailed } = await askAround(state, told);
    const after = withLeftovers(live, job, { ...remains, now: clock.now() });
    await store.commit([{ kind: 'training-live', before: live, after }]);
    for (const found of troubles(after, false, clock.now())) remark(job.id, found);
    return hasFailed ? 'failed' : 'updated';
  };

  const goOn = async ({ id: jobId, attempt, run }: TrainingJob): Promise<void> => {
    const recovered = await recover({ jobId, attempt, run });
    if (recovered === 'settled') return;
    remark(jobId, recovered);
  };

  const look = async (state: TrainingState, told: Told): Promise<Polled> => {
    const { job } = state;
    const wait = await store.findJobWait(job.id);
    const { news, remains, hasFailed } = await askAround(state, told);
    const now = clock.now();
    const { change, points, live } = lookedAt(state, { news, remains, isWaitedFor: wait !== undefined, now });
    const writes: Write[] = change
      ? await changeWrites({ store, ids }, state.live, { change, live })
      : [{ kind: 'training-live', before: state.live, after: live }];
    await store.commit([...writes, ...pointWrites(live, points)]);
    const moved = change?.after ?? job;
    for (const found of troubles(live, isWordUnknown(news), now)) remark(job.id, found);
    const fault = await compare(moved).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    // also where nothing changed: whoever was to wake the driver may have been killed
    await wake?.(job.id, { wait, known: moved.status === 'evaluating' ? undefined : { job: moved, live } });
    if (isDriverLost(live, now)) await goOn(job);
    if (fault !== undefined) throw fault.error;
    if (change !== undefined || points.length > 0 || live.trainedAt !== state.live.trainedAt) return 'updated';
    return cameTo({ isUnknown: isWordUnknown(news), hasFailed: isSilence(news) || hasFailed });
  };

  return async (jobId: string, told: Told = new Map()): Promise<Polled> => {
    const state = await readTraining(store, jobId);
    const { status } = state.job;
    const polled = await (isTerminalTraining(status) || status === 'pending' ? tidyUp : look)(state, told);
    if (state.live.failingSince !== undefined) await mended(jobId);
    return polled;
  };
};
