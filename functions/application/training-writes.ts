import type { Dataset } from '#domain/dataset/dataset';
import { NotFound } from '#domain/errors';
import { leftoversAtEnd, replaysAtEnd, withLeftovers } from '#domain/training-job/leftover';
import type { MetricPoint } from '#domain/training-job/metric-point';
import { isTerminalTraining } from '#domain/training-job/status';
import type { TrainingInput, TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import { alsoPoll, alsoWake, type TrainingChange } from '#domain/training-job/transition';
import { eventWrites, gateWrites } from './change-writes.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { GateStore } from './ports/tenant-store.ts';
import type { TrainingStore } from './ports/training-store.ts';
import type { Write } from './ports/write.ts';
import { letIn } from './session-slot.ts';
import { leaveTrainingPlace } from './training-slot.ts';

/** All that is stored of a job and decides what becomes of it. */
export interface TrainingState {
  readonly job: TrainingJob;
  readonly input: TrainingInput;
  readonly live: TrainingLive;
}

/** Reads a job with what stands beside it. @throws NotFound */
export const readTraining = async (store: TrainingStore, jobId: string): Promise<TrainingState> => {
  // live values first: whoever moves them after this read makes a commit that writes them fail
  const live = await store.findTrainingLive(jobId);
  const [job, input] = await Promise.all([store.getTrainingJob(jobId), store.findTrainingInput(jobId)]);
  if (live === undefined || input === undefined) throw new NotFound('training_job');
  return { job, input, live };
};

/** The head of a job and the events that announce its change. */
export const trainingWrites = ({ before, after, events }: TrainingChange, ids: Identifiers): Write[] => [
  { kind: 'training-job', before, after },
  ...eventWrites(events, ids),
];

/** The points of an attempt that are new. */
export const pointWrites = ({ jobId, attempt }: TrainingLive, points: readonly MetricPoint[]): Write[] =>
  points.length === 0 ? [] : [{ kind: 'training-points', jobId, attempt, points }];

/** A dataset that a job uses from here on: it stays as it is in this transaction, and is not deleted afterwards. */
export const useWrites = (dataset: Dataset | undefined, jobId: string): Write[] =>
  dataset === undefined || dataset.status === 'deleted'
    ? []
    : [
        { kind: 'dataset', before: dataset, after: dataset },
        { kind: 'dataset-use', datasetId: dataset.id, jobId },
      ];

const claimOf = ({ id, targetModelName, modelVersion }: TrainingJob) => ({
  modelName: targetModelName,
  version: modelVersion,
  jobId: id,
});

/** The version that a job will make is its own from here on. */
export const claimWrite = (job: TrainingJob): Write => ({ kind: 'version-claim', ...claimOf(job) });

/** The version that a job has made was its own until then, and stays taken. */
export const claimKept = (job: TrainingJob): Write => ({ kind: 'version-claim-kept', ...claimOf(job) });

/**
 * A change of a job with all that follows from it. One that ends the job gives its slot to the next waiter, gives back the
 * version that it did not make, wakes its driver, and keeps in mind what its provider may still be at. Budget: what the attempt has reserved is settled here.
 */
export const changeWrites = async (
  { store, ids }: { store: GateStore; ids: Identifiers },
  before: TrainingLive,
  { change, live }: { readonly change: TrainingChange; readonly live: TrainingLive },
): Promise<Write[]> => {
  const job = change.after;
  if (!isTerminalTraining(job.status))
    return [
      ...trainingWrites(alsoWake(change, job.status === 'evaluating' ? [job.id] : []), ids),
      { kind: 'training-live', before, after: live },
    ];
  const place = await leaveTrainingPlace(store, before, job.updatedAt);
  const rest = { ...live, place: undefined, phase: undefined, unheardSince: undefined, providerError: undefined };
  const leftovers = leftoversAtEnd(live, job.updatedAt);
  const isReplaying = change.before?.status === 'evaluating' && job.status !== 'completed' && !job.simulated;
  const openReplays = replaysAtEnd(live, isReplaying);
  const after = withLeftovers(rest, job, { leftovers, openReplays, now: Date.parse(job.updatedAt) });
  const wasStarted = change.before?.status !== 'pending';
  // sessions that judge the model, and a training that nobody waits for, are stopped by the poller
  const isLeft = leftovers.length > 0 || openReplays.length > 0;
  return [
    ...trainingWrites(
      alsoWake(isLeft ? alsoPoll(change) : change, [...letIn(place), ...(wasStarted ? [job.id] : [])]),
      ids,
    ),
    { kind: 'training-live', before, after },
    ...(place ? gateWrites(place) : []),
    ...(job.datasetId === undefined
      ? []
      : [{ kind: 'dataset-use-removed', datasetId: job.datasetId, jobId: job.id } as const]),
    ...(job.status === 'completed' ? [] : [{ kind: 'version-claim-removed', ...claimOf(job) } as const]),
  ];
};
