import { wireName } from '#domain/wire-name';
import type { Dataset, DatasetCounts } from './dataset.ts';

/** What a build wrote. */
export interface BuiltDataset
  extends Pick<Dataset, 'counts' | 'tokens' | 'bytes' | 'simulated' | 'redactionRules'>,
    Required<Pick<Dataset, 'sha256'>> {}

const snakeKeys = (fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [wireName(name), value]));

/** Counts as everybody outside reads them. */
export const wireCounts = ({ transcripts, ...counts }: DatasetCounts): Readonly<Record<string, unknown>> => ({
  ...snakeKeys(counts),
  ...(transcripts && { transcripts: snakeKeys(transcripts) }),
});

/** What lies beside the files of a dataset: how they were made, and what they must be. */
export const manifestOf = (
  { id, name, filters, split, includeTranscripts, redactionVersion }: Dataset,
  built: BuiltDataset,
): object => ({
  dataset_id: id,
  name,
  filters: snakeKeys(filters),
  split: snakeKeys(split),
  include_transcripts: includeTranscripts,
  files: { train: 'train.jsonl', eval: 'eval.jsonl' },
  counts: wireCounts(built.counts),
  tokens: built.tokens,
  bytes: built.bytes,
  sha256: built.sha256,
  redaction_version: redactionVersion,
  redaction_rules: built.redactionRules,
  simulated: built.simulated,
});
