import type { DatasetView } from '#contracts/dataset';
import { count } from './quantities.ts';
import { fields } from './table.ts';

type Counts = DatasetView['counts'];

const REASONS = {
  not_matching: 'do not match',
  unknown_success_rate: 'success unknown',
  below_threshold: 'not good enough',
  consent: 'not to be learned from',
  blank: 'blank',
  too_long: 'too long',
  too_many_redactions: 'too many secrets',
  duplicates: 'repeat another one',
  near_duplicates: 'nearly repeat another one',
  over_limit: 'over the limit',
} as const satisfies Partial<Record<keyof Counts, string>>;

const reasons = (counts: Counts): string | undefined =>
  Object.entries(REASONS)
    .flatMap(([name, reason]) => {
      const amount = counts[name as keyof typeof REASONS];
      return amount > 0 ? [`${amount} ${reason}`] : [];
    })
    .join(', ') || undefined;

const rules = ({ redaction_rules: found }: DatasetView): string | undefined =>
  Object.entries(found)
    .map(([rule, amount]) => `${amount} ${rule}`)
    .join(', ') || undefined;

const messages = ({ counts, include_transcripts }: DatasetView): string =>
  include_transcripts ? `in ${count(counts.with_messages, 'sample')}` : 'left out, as asked for';

const isBuilt = ({ status }: DatasetView) => status === 'ready' || status === 'deleted';

/** One dataset, a line per field that has a value. */
export const datasetFields = (dataset: DatasetView): string => {
  const { counts, tokens, error } = dataset;
  return fields([
    ['dataset', dataset.id],
    ['name', dataset.name],
    ['description', dataset.description ?? undefined],
    ['status', error ? `${dataset.status} (${error.code}: ${error.message})` : dataset.status],
    ['simulated', dataset.simulated ? 'yes: a scripted model made samples' : undefined],
    ['looked at', counts.scanned > 0 ? count(counts.scanned, 'session') : undefined],
    ['left out', reasons(counts)],
    ['train', isBuilt(dataset) ? `${count(counts.train, 'sample')}, ${count(tokens.train, 'token')}` : undefined],
    ['eval', isBuilt(dataset) ? `${count(counts.eval, 'sample')}, ${count(tokens.eval, 'token')}` : undefined],
    ['messages', isBuilt(dataset) ? messages(dataset) : undefined],
    ['redacted', rules(dataset)],
    ['sha256', dataset.sha256 ?? undefined],
    ['created', dataset.created_at],
    ['ready', dataset.ready_at ?? undefined],
  ]);
};
