import { viewTraining } from '#application/training-view';
import type { TrainingState } from '#application/training-writes';
import { toWire } from '#contracts/wire-case';

/** Answers an operation on a training job with the job after it. */
export const trainingAnswer = (state: TrainingState) => ({ body: toWire(viewTraining(state)) });
