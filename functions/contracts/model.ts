import * as z from 'zod';
import { VERDICTS } from '#domain/evaluation/compare';
import { ALIAS_PATTERN, CHAMPION } from '#domain/model/alias-stacks';
import { MAX_CHALLENGER_PERCENT } from '#domain/model/patch-model';
import { VERSION_STATUSES } from '#domain/model/registered-model';
import { isRegistryName } from '#domain/model/resolve-model';
import { VERSION_PATTERN } from '#domain/model/semver';
import { EvaluationSummary } from './evaluation.ts';
import { pageOf, pageQuery, severalOf, Timestamp, text, Ulid } from './primitives.ts';

export const ModelName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'is 1 to 100 letters, digits and . _ -, and begins with a letter or digit',
  );

export const VersionText = z.string().regex(VERSION_PATTERN, 'must be major.minor.patch, maybe with -build');

const Alias = z
  .string()
  .regex(ALIAS_PATTERN, 'is 1 to 30 lower case letters, digits, _ and -, and begins with a letter')
  .default(CHAMPION);

const Reason = text(1, 500);

const ServedName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.:@/-]+$/, 'must be provider/model')
  .refine((name) => !isRegistryName(name), 'must name what agents reach, not the registry');

export const ModelPath = z.strictObject({ model_name: ModelName });
export const VersionPath = z.strictObject({ model_name: ModelName, version: VersionText });

export const UpdateModelRequest = z
  .strictObject({
    description: text(0, 1000).nullable().optional(),
    challenger_percent: z.number().int().min(0).max(MAX_CHALLENGER_PERCENT).optional(),
  })
  .meta({ id: 'UpdateModelRequest', example: { challenger_percent: 20 } });

export const PromoteModelRequest = z
  .strictObject({
    version: VersionText,
    alias: Alias,
    force: z
      .boolean()
      .default(false)
      .describe('Moves the alias to a version that has not passed its gate; needs a reason'),
    reason: Reason.optional(),
    serving_model_identifier: ServedName.optional().describe('Under which name agents reach the version from now on'),
    expected_version: VersionText.nullable().optional().describe('Where the alias is to point now; null: nowhere'),
  })
  .refine(({ force, reason }) => !force || reason !== undefined, {
    path: ['reason'],
    message: 'is needed with force: it says why the alias is moved, whatever the gate said',
  })
  .meta({ id: 'PromoteModelRequest', example: { version: '1.1.0' } });

export const RollbackModelRequest = z
  .strictObject({ alias: Alias, reason: Reason.optional() })
  .meta({ id: 'RollbackModelRequest', example: { reason: 'answers are slower' } });

export const ArchiveVersionRequest = z.strictObject({}).meta({ id: 'ArchiveVersionRequest' });

export const Model = z
  .object({
    name: z.string(),
    tenant_id: Ulid,
    version: z.number().int().describe('Number of the newest event of the model, not a version of it'),
    description: z.string().nullable(),
    challenger_percent: z.number().int(),
    aliases: z.record(z.string(), z.string()).describe('The version that each alias points to'),
    simulated: z.boolean().describe('True while an alias points to a version whose training was simulated'),
    simulated_aliases: z.array(z.string()).describe('Which aliases do'),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Model' });

export const ModelList = pageOf(Model).meta({ id: 'ModelList' });

export const ModelVersion = z
  .object({
    model_name: z.string(),
    version: z.string(),
    status: z.enum(VERSION_STATUSES),
    aliases: z.array(z.string()).describe('Aliases that point to it'),
    job_id: z.string(),
    attempt: z.number().int(),
    dataset_id: z.string(),
    dataset_sha256: z.string(),
    base_model: z.string(),
    parameters: z.record(z.string(), z.json()),
    metrics: z.record(z.string(), z.number().nullable()).nullable(),
    evaluation: EvaluationSummary.nullable(),
    artifact_uri: z.string().nullable(),
    serving_model_identifier: z.string().nullable(),
    provider: z.enum(['sagemaker', 'simulated']),
    simulated: z.boolean(),
    created_at: Timestamp,
    created_by: z.string(),
    live: z
      .object({
        sessions: z.number().int(),
        completed: z.number().int(),
        average_success_rate: z.number().nullable().describe('Over those whose rate is known; null where none is'),
      })
      .describe('Sessions that have ended and that it served last, without those that judged a model'),
  })
  .meta({ id: 'ModelVersion' });

export const ModelVersionList = pageOf(ModelVersion).meta({ id: 'ModelVersionList' });

export const AliasMove = z
  .object({
    alias: z.string(),
    action: z.enum(['promote', 'rollback']),
    from_version: z.string().nullable(),
    to_version: z.string(),
    simulated: z.boolean().describe('Whether the training of that version was simulated'),
    actor: z.object({ kind: z.enum(['user', 'service', 'agent', 'system']), id: z.string().optional() }),
    reason: z.string().nullable(),
    forced: z.boolean(),
    at: Timestamp,
  })
  .meta({ id: 'AliasMove' });

export const AliasMoveList = pageOf(AliasMove).meta({ id: 'AliasMoveList' });

const TrialArm = z
  .object({
    version: z.string(),
    simulated: z.boolean(),
    sessions: z.number().int(),
    completed: z.number().int(),
    called_off: z.number().int().describe('Cancelled or stopped: left out of completion_rate'),
    completion_rate: z.number().nullable(),
    interval: z.tuple([z.number(), z.number()]).nullable().describe("Wilson's 95 % interval of completion_rate"),
    average_success_rate: z.number().nullable().describe('Over the sessions whose rate is known'),
    average_cost_usd: z.number().nullable(),
    average_active_seconds: z.number().nullable(),
  })
  .meta({ id: 'TrialArm' });

/** A champion and its challenger over the time in which sessions were shared out between them. */
export const Trial = z
  .object({
    number: z.number().int().describe('Number of the event of the model that began it'),
    since: Timestamp,
    ended_at: Timestamp.nullable().describe('null while it is under way'),
    champion: TrialArm,
    challenger: TrialArm,
    p_value: z.number().nullable().describe("Fisher's exact two-sided test of the two completion rates"),
    verdict: z
      .enum(VERDICTS)
      .nullable()
      .describe('Of the challenger; null while one of them has no session that counts'),
    simulated: z.boolean(),
  })
  .meta({ id: 'Trial' });

/** Trials of a model, newest first. */
export const TrialList = z.object({ items: z.array(Trial) }).meta({ id: 'TrialList' });

export const ListModelsQuery = z.strictObject({ ...pageQuery });

export const ListVersionsQuery = z.strictObject({
  ...pageQuery,
  status: severalOf(
    z.enum(VERSION_STATUSES),
    'Only versions in one of these statuses; without it all, archived ones, too.',
  ),
});

export type ModelAnswer = z.output<typeof Model>;
export type VersionAnswer = z.output<typeof ModelVersion>;
export type TrialAnswer = z.output<typeof Trial>;
export type AliasMoveAnswer = z.output<typeof AliasMove>;
