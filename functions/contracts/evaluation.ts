import * as z from 'zod';
import { VERDICTS } from '#domain/evaluation/compare';
import { BASES, OUTCOMES } from '#domain/evaluation/judge-gate';
import { Timestamp } from './primitives.ts';

const EvaluatedModel = z.object({
  model_identifier: z.string().nullable(),
  passed: z.number().int(),
  pairs: z.number().int(),
  pass_rate: z.number().optional(),
  interval: z.tuple([z.number(), z.number()]).optional().describe("Wilson's 95 % interval of pass_rate"),
});

const Rule = z.object({
  name: z.string(),
  value: z.union([z.number(), z.string()]).nullable().describe('null where nobody knows it; then the rule is not held'),
  threshold: z.union([z.number(), z.string()]),
  held: z.boolean(),
});

const evaluation = {
  basis: z.enum(BASES),
  simulated: z.boolean(),
  outcome: z.enum(OUTCOMES),
  verdict: z.enum(VERDICTS).optional(),
  p_value: z.number().optional().describe('Exact McNemar test over the pairs that differ'),
  candidate: EvaluatedModel,
  baseline: EvaluatedModel,
  both: z.number().int(),
  candidate_only: z.number().int(),
  baseline_only: z.number().int(),
  neither: z.number().int(),
  not_replayed: z.record(z.string(), z.number().int()).describe('Pairs that were left out, by the reason'),
  text: z.object({
    items: z.number().int(),
    candidate_mean: z.number().optional(),
    baseline_mean: z.number().optional(),
  }),
  rules: z.array(Rule),
  at: Timestamp,
};

/** How a trained model compares with the one that it would replace. */
export const EvaluationSummary = z.object(evaluation).meta({ id: 'EvaluationSummary' });

export const Evaluation = z
  .object({
    ...evaluation,
    pairs: z
      .array(
        z.object({
          session_id: z.string(),
          candidate_session_id: z.string().nullable(),
          baseline_session_id: z.string().nullable(),
          candidate: z.boolean(),
          baseline: z.boolean(),
        }),
      )
      .describe('The first 200; the counts are of all of them'),
  })
  .meta({ id: 'Evaluation' });

export type EvaluationAnswer = z.output<typeof EvaluationSummary>;
