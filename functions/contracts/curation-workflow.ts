import * as z from 'zod';
import { DATASET_STATUSES } from '#domain/dataset/dataset';
import { BrokenStepInput, parsedJson } from './workflow.ts';

/** Which step is asked for: of a state, or of the end of an execution. */
export const CurationStepName = z.object({
  step: z.enum(['curate-slice', 'write-dataset-files', 'fail-dataset', 'end-curation']),
});
export type CurationStepName = z.infer<typeof CurationStepName>;

const Run = z.number().int().min(1);

/** What every state of the machine passes: whose dataset, and which of the executions of its build. Ids only. */
export const CurationInput = z.object({
  tenant_id: z.string(),
  dataset_id: z.string(),
  // the states of an execution that was begun by an earlier version do not pass it
  run: Run.optional(),
});

/** What the state that records a failure passes, too. */
export const CurationFailureInput = CurationInput.extend({ failure: BrokenStepInput });

/** What Curate Slice answers: sessions are left to look at, all are read, or the dataset is not being built any more. */
export const SliceAnswer = z.object({ slice: z.enum(['more', 'read', 'settled']) });
export type SliceAnswer = z.infer<typeof SliceAnswer>;

/** What Write Files and Record Failure answer: how the dataset stands, and why it failed. */
export const BuildAnswer = z.object({ status: z.enum(DATASET_STATUSES), error: z.string(), cause: z.string() });
export type BuildAnswer = z.infer<typeof BuildAnswer>;

/** Which of the executions of a build ended. One that was begun by an earlier version is the first one. */
const EndedInput = CurationInput.extend({ run: Run.default(1) });

/** What Step Functions says of a build that ended without success. */
export const EndedCuration = z.object({
  detail: z.object({ status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']), input: parsedJson.pipe(EndedInput) }),
});
