import { ConcurrentUpdate } from '#domain/errors';
import { emptyGate, enter, type Gate, type GateChange, giveUp, leave } from '#domain/gate/gate';
import { DEFAULT_QUOTAS } from '#domain/tenant/tenant';
import type { TrainingLive, TrainingPlace } from '#domain/training-job/training-job';
import type { GateStore } from './ports/tenant-store.ts';

/** The gate that counts a tenant's training jobs. */
export const TRAINING_GATE = 'training_jobs';

/** Nobody is refused for the length of the queue. */
const MAX_WAITING = 1_000_000;

const theGate = async (gates: GateStore): Promise<Gate> =>
  (await gates.findGate(TRAINING_GATE)) ?? emptyGate(TRAINING_GATE, DEFAULT_QUOTAS.maxTrainingJobs, MAX_WAITING);

/** The place of a job that is ready to train, and what it does to the gate. First come, first served. */
export const takeTrainingPlace = async (
  gates: GateStore,
  jobId: string,
  { ticket, now }: { ticket: string; now: number },
): Promise<{ place: TrainingPlace; change: GateChange }> => {
  const place = { adjustedMs: now, ticket, since: new Date(now).toISOString() };
  const gate = await theGate(gates);
  // from its first use on it is recounted
  const counted = { ...gate, dueAt: gate.dueAt ?? place.since };
  return { place, change: enter(counted, { owner: jobId, ...place }) };
};

/** What the end of a job does to the gate; undefined when it has no place there. */
export const leaveTrainingPlace = async (
  gates: GateStore,
  { jobId, place }: Pick<TrainingLive, 'jobId' | 'place'>,
  at: string,
): Promise<GateChange | undefined> => {
  if (place === undefined) return undefined;
  const gate = await theGate(gates);
  const holder = await gates.findHolder(TRAINING_GATE, jobId);
  if (holder) return leave(gate, holder, await gates.firstWaiter(TRAINING_GATE), { at });
  if (gate.waiting === 0) throw new ConcurrentUpdate('place in the queue');
  return giveUp(gate, { owner: jobId, ...place }, undefined, at);
};
