import * as z from 'zod';
import { CHAT_ROLES } from '#domain/dataset/chat-turn';
import { DATASET_STATUSES, SUCCESS_SOURCES } from '#domain/dataset/dataset';
import { SESSION_TYPES } from '#domain/session/session';
import { Moment, pageOf, pageQuery, severalOf, Timestamp, text, Ulid } from './primitives.ts';

const MAX_VALUES = 20;
const MAX_SAMPLES = 10_000;
const MAX_SEED = 4_294_967_295;
const MAX_ITEMS = 20;
const ID_LENGTH = 26;

const anyOf = <T extends z.ZodType>(value: T) => z.array(value).min(1).max(MAX_VALUES).optional();

const DatasetFilters = z
  .strictObject({
    min_success_rate: z.number().min(0).max(1).default(0.9),
    session_types: anyOf(z.enum(SESSION_TYPES)),
    tags: anyOf(text(1, 50)),
    // compared with, never looked up
    agent_ids: anyOf(z.string().length(ID_LENGTH).toUpperCase()),
    model_identifiers: anyOf(text(1, 200)),
    success_sources: z.array(z.enum(SUCCESS_SOURCES)).min(1).max(MAX_VALUES).default(['verification', 'person']),
    created_from: Moment.optional(),
    created_to: Moment.optional(),
    include_partial: z.boolean().default(false),
    limit: z.number().int().min(1).max(MAX_SAMPLES).default(1000),
  })
  .refine(({ created_from, created_to }) => !created_from || !created_to || created_from < created_to, {
    path: ['created_to'],
    message: 'must be after created_from',
  })
  .meta({ id: 'DatasetFilters' });

const DatasetSplit = z
  .strictObject({
    eval_fraction: z.number().min(0).max(0.5).default(0.1),
    seed: z.number().int().min(0).max(MAX_SEED).default(0),
  })
  .meta({ id: 'DatasetSplit' });

export const CreateDatasetRequest = z
  .strictObject({
    name: text(1, 100),
    description: text(0, 1000).nullable().default(null),
    filters: DatasetFilters.prefault({}),
    split: DatasetSplit.prefault({}),
    include_transcripts: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether samples have the messages of their sessions, where these were kept.' }),
  })
  .meta({
    id: 'CreateDatasetRequest',
    example: { name: 'Verified work', filters: { min_success_rate: 0.9, tags: ['backend'] }, split: { seed: 7 } },
  });

const count = z.number().int();
const PerPart = z.object({ train: count, eval: count });

const DatasetDownload = z
  .object({ url: z.string(), file_name: z.string(), expires_at: Timestamp })
  .meta({ id: 'DatasetDownload', description: 'Whoever has the URL needs no other credential until it expires.' });

export const Dataset = z
  .object({
    id: Ulid,
    name: z.string(),
    description: z.string().nullable(),
    status: z.enum(DATASET_STATUSES),
    version: count,
    filters: DatasetFilters,
    split: DatasetSplit,
    include_transcripts: z.boolean(),
    counts: z.object({
      scanned: count,
      not_matching: count,
      unknown_success_rate: count,
      below_threshold: count,
      consent: count,
      blank: count,
      too_long: count,
      too_many_redactions: count,
      duplicates: count,
      near_duplicates: count,
      over_limit: count,
      samples: count,
      train: count,
      eval: count,
      /** Samples that have the messages of their session. */
      with_messages: count,
      transcripts: z
        .object({ absent: count, too_long: count, too_many_redactions: count, damaged: count })
        .optional()
        .meta({
          description: 'Samples without messages, by the reason; once a dataset that is to have them is built.',
        }),
      redactions: count,
    }),
    tokens: PerPart,
    /** Sizes of the files. */
    bytes: PerPart,
    /** Of the train file followed by the eval file; null until the dataset is ready. */
    sha256: z.string().nullable(),
    redaction_version: count,
    /** Replacements by the name of the rule. */
    redaction_rules: z.record(z.string(), count),
    /** True when a model that is none made a sample. */
    simulated: z.boolean(),
    created_by: z.string(),
    created_at: Timestamp,
    ready_at: Timestamp.nullable(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    downloads: z.object({ train: DatasetDownload, eval: DatasetDownload, manifest: DatasetDownload }).optional(),
  })
  .meta({ id: 'Dataset' });

export const DatasetList = pageOf(Dataset).meta({ id: 'DatasetList' });

export const ListDatasetsQuery = z.strictObject({
  ...pageQuery,
  status: severalOf(z.enum(DATASET_STATUSES), 'Only datasets in one of these statuses. Deleted ones only when named.'),
});

const ToolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string().meta({ description: 'JSON' }) }),
});

const ChatTurn = z.object({
  role: z.enum(CHAT_ROLES),
  content: z.string(),
  tool_calls: z.array(ToolCall).optional(),
  tool_call_id: z.string().optional(),
});

const DatasetItem = z
  .object({
    instruction: z.string(),
    input: z.string(),
    output: z.string(),
    messages: z.array(ChatTurn).optional(),
    /** Where the sample comes from, and what was done to it. */
    metadata: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'DatasetItem' });

export const DatasetItemList = pageOf(DatasetItem).meta({ id: 'DatasetItemList' });

export const ListDatasetItemsQuery = z.strictObject({
  part: z.enum(['train', 'eval']).default('train'),
  limit: z.coerce.number().int().min(1).max(MAX_ITEMS).default(MAX_ITEMS),
  cursor: pageQuery.cursor,
});

export type DatasetView = z.output<typeof Dataset>;
export type DatasetItem = z.output<typeof DatasetItem>;
