import * as z from 'zod';

const Measured = z.looseObject({ candidate: z.number().nullable(), baseline: z.number().nullable() });
const Score = z.number().min(0).max(1);
/** Two hundred, and as many as may be replayed. */
const MOST_ITEMS = 400;

/** `evaluation.json` of the training program. */
export const TrainingEvaluation = z.looseObject({
  version: z.literal(1),
  eval_loss: Measured,
  accuracy: Measured,
  items: z
    .array(
      z.looseObject({
        session_id: z.string(),
        content_hash: z.string(),
        candidate: Score,
        baseline: Score.nullable(),
      }),
    )
    .max(MOST_ITEMS),
});
