import * as z from 'zod';

/** What every state passes: whose session, and which of its runs. Ids only. */
export const StepInput = z.object({ tenant_id: z.string(), session_id: z.string(), run: z.number().int().min(1) });

/** What a state that waits passes, too. */
export const TokenStepInput = StepInput.extend({ task_token: z.string() });

/** What the state that ends a session passes, too. */
export const OutcomeStepInput = StepInput.extend({ failure: z.string().optional() });
