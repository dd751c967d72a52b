import type { TrainedComparison } from '#domain/evaluation/trained-comparison';

/** What a training left is damaged, or not what was agreed on. No repeat makes it better; the message says what and where. */
export class UnreadableOutput extends Error {
  override readonly name = 'UnreadableOutput';
}

/** What trainings of one tenant left beside their weights. */
export interface TrainingOutputs {
  /**
   * How the trained model compares by what the training program measured; undefined when it left nothing of it.
   * @throws UnreadableOutput
   */
  comparison(attempt: { readonly jobId: string; readonly attempt: number }): Promise<TrainedComparison | undefined>;
}
