import type { TrainedComparison } from '#domain/evaluation/trained-comparison';

/** What trainings of one tenant left beside their weights. */
export interface TrainingOutputs {
  /** How the trained model compares by what the training program measured; undefined when it left nothing that can be read. */
  comparison(attempt: { readonly jobId: string; readonly attempt: number }): Promise<TrainedComparison | undefined>;
}
