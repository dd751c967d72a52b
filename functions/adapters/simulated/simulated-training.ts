import type { Clock } from '#application/ports/clock';
import type { Digest } from '#application/ports/digest';
import type { ProviderJob, TrainingProvider } from '#application/ports/training-provider';
import type { ProviderReport } from '#domain/training-job/advance';
import type { MetricPoint } from '#domain/training-job/metric-point';
import {
  DEFAULT_SIMULATION,
  reportedSteps,
  roundTo4,
  type SimulatedState,
  type SimulatedTraining,
  simulatedCurve,
  simulatedId,
  simulatedLosses,
  simulatedState,
} from '#domain/training-job/simulation';

const SECOND_MS = 1000;

const trainingOf = ({ baseModel, input, dataset }: ProviderJob): SimulatedTraining => ({
  baseModel,
  parameters: input.parameters,
  simulation: input.simulation ?? DEFAULT_SIMULATION,
  trainSamples: dataset.trainSamples,
  trainTokens: dataset.trainTokens,
  datasetSha256: dataset.sha256,
});

/** A training that is computed in place of being done. It keeps nothing: whatever it says follows from the job and the time. */
export const makeSimulatedTraining = ({
  clock,
  digest,
}: {
  clock: Pick<Clock, 'now'>;
  digest: Pick<Digest, 'sha256'>;
}): TrainingProvider => {
  const { sha256 } = digest;
  const idOf = ({ jobId, attempt }: ProviderJob) => simulatedId(sha256, jobId, attempt);

  const pointAt = (training: SimulatedTraining, state: SimulatedState, beganMs: number) => {
    const { stepsPerEpoch, totalSteps } = simulatedCurve(sha256, training);
    return (step: number): MetricPoint => {
      const { trainLoss, evalLoss } = simulatedLosses(sha256, training, step);
      return {
        step,
        epoch: roundTo4(step / stepsPerEpoch),
        trainLoss,
        evalLoss,
        tokensProcessed: Math.floor((training.trainTokens * training.parameters.epochs * step) / totalSteps),
        at: new Date(beganMs + Math.floor((state.durationSeconds * SECOND_MS * step) / totalSteps)).toISOString(),
      };
    };
  };

  const finalOf = (training: SimulatedTraining, { step, tokensProcessed, durationSeconds }: SimulatedState) => {
    const { trainLoss, evalLoss, accuracy } = simulatedLosses(sha256, training, step);
    return { finalLoss: trainLoss, evalLoss, accuracy, trainingDurationSeconds: durationSeconds, tokensProcessed };
  };

  const endOf = (training: SimulatedTraining, state: SimulatedState): Partial<ProviderReport> => {
    const { failCode } = training.simulation;
    if (state.status === 'failed')
      return { error: { code: failCode, message: `the simulation fails at progress ${state.progress}` } };
    return state.status === 'completed' ? { finalMetrics: finalOf(training, state) } : {};
  };

  const reportOf = (training: SimulatedTraining, state: SimulatedState, beganMs: number): ProviderReport => ({
    status: state.status,
    phase: state.status === 'queued' ? 'preparing' : 'training',
    progress: roundTo4(state.progress),
    step: state.step,
    totalSteps: state.totalSteps,
    points: state.status === 'queued' ? [] : reportedSteps(state).map(pointAt(training, state, beganMs)),
    ...endOf(training, state),
  });

  return {
    nameOf: idOf,
    start: async (job) => ({ externalJobId: idOf(job) }),

    async status(externalJobId, job) {
      if (externalJobId !== idOf(job) || job.submittedAt === undefined) return 'missing';
      const training = trainingOf(job);
      const submittedMs = Date.parse(job.submittedAt);
      const stateAt = (ms: number) => simulatedState(sha256, training, (ms - submittedMs) / SECOND_MS);
      const beganMs = submittedMs + training.simulation.queueSeconds * SECOND_MS;
      const stoppedMs = job.cancelRequestedAt === undefined ? undefined : Date.parse(job.cancelRequestedAt);
      const report = reportOf(training, stateAt(stoppedMs ?? clock.now()), beganMs);
      const isStopped = stoppedMs !== undefined && (report.status === 'queued' || report.status === 'running');
      return isStopped ? { ...report, status: 'cancelled' } : report;
    },

    cancel: async () => true,
  };
};
