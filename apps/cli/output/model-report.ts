import type { AliasMoveAnswer, ModelAnswer, VersionAnswer } from '#contracts/model';
import { evaluationReport } from './evaluation-report.ts';
import { age, percent } from './quantities.ts';
import { fields, table } from './table.ts';

const marked = (text: string, isSimulated: boolean) => (isSimulated ? `${text} (simulated)` : text);

const aliasText = ({ aliases, simulated_aliases }: Pick<ModelAnswer, 'aliases' | 'simulated_aliases'>) =>
  Object.entries(aliases)
    .map(([alias, version]) => marked(`${alias} ${version}`, simulated_aliases.includes(alias)))
    .join(', ');

/** Models, one per line. */
export const modelTable = (models: readonly ModelAnswer[], now: number, width?: number): string =>
  table(
    [
      { title: 'NAME', of: ({ name }) => name },
      { title: 'CHALLENGER', of: ({ challenger_percent }) => `${challenger_percent} %`, align: 'right' },
      { title: 'CHANGED', of: ({ updated_at }) => age(updated_at, now), align: 'right' },
      { title: 'ALIASES', of: aliasText },
    ],
    models,
    width,
  );

/** One model, a line per field that has a value. */
export const modelFields = (model: ModelAnswer): string =>
  fields([
    ['model', model.name],
    ['description', model.description ?? undefined],
    ['aliases', aliasText(model) || 'none'],
    ['challenger', `${model.challenger_percent} % of the sessions that ask for the champion`],
    ['created', model.created_at],
    ['changed', model.updated_at],
  ]);

const passed = ({ evaluation }: VersionAnswer) =>
  evaluation?.candidate.pass_rate === undefined ? '–' : percent(evaluation.candidate.pass_rate);

/** Versions of a model, one per line. */
export const versionTable = (versions: readonly VersionAnswer[], now: number, width?: number): string =>
  table(
    [
      { title: 'VERSION', of: ({ version }) => version },
      { title: 'STATUS', of: ({ status }) => status },
      { title: 'ALIASES', of: ({ aliases }) => aliases.join(' ') },
      { title: 'PASSED', of: passed, align: 'right' },
      { title: 'VERDICT', of: ({ evaluation }) => evaluation?.verdict?.replaceAll('_', ' ') ?? '–' },
      {
        title: 'LIVE',
        of: ({ live }) => (live.sessions === 0 ? '–' : `${live.completed} of ${live.sessions}`),
        align: 'right',
      },
      { title: 'AGE', of: ({ created_at }) => age(created_at, now), align: 'right' },
      { title: 'SERVED AS', of: servedAs },
    ],
    versions,
    width,
  );

const servedAs = ({ simulated, base_model, serving_model_identifier }: VersionAnswer) =>
  simulated ? marked(base_model, true) : (serving_model_identifier ?? 'nobody');

const liveText = ({ live: { sessions, completed, average_success_rate: rate } }: VersionAnswer) =>
  sessions === 0
    ? 'none yet'
    : `${completed} of ${sessions} completed, average success ${rate === null ? 'unknown' : percent(rate)}`;

/** One version: where it comes from, and how it compares. */
export const versionReport = (version: VersionAnswer, width?: number): string =>
  [
    fields([
      ['version', `${version.model_name} ${version.version}`],
      ['status', version.status],
      ['aliases', version.aliases.join(', ') || undefined],
      ['served as', servedAs(version)],
      ['base model', version.base_model],
      ['job', `${version.job_id}, attempt ${version.attempt}`],
      ['dataset', `${version.dataset_id} (${version.dataset_sha256.slice(0, 12)})`],
      ['provider', `${version.provider}${version.simulated ? ' (simulated: nothing was trained)' : ''}`],
      ['artifact', version.artifact_uri ?? undefined],
      ['sessions', liveText(version)],
      ['created', version.created_at],
    ]),
    ...(version.evaluation ? [evaluationReport(version.evaluation, width)] : []),
  ].join('\n\n');

const moveText = ({ action, forced, reason }: AliasMoveAnswer) =>
  [action === 'rollback' ? 'rolled back' : 'promoted', forced && 'by force', reason && `(${reason})`]
    .filter(Boolean)
    .join(' ');

/** Moves of aliases, one per line. */
export const moveTable = (moves: readonly AliasMoveAnswer[], width?: number): string =>
  table(
    [
      { title: 'AT', of: ({ at }) => at },
      { title: 'ALIAS', of: ({ alias }) => alias },
      { title: 'FROM', of: ({ from_version }) => from_version ?? '–' },
      { title: 'TO', of: ({ to_version, simulated }) => marked(to_version, simulated) },
      { title: 'BY', of: ({ actor }) => actor.id ?? actor.kind },
      { title: 'WHAT', of: moveText },
    ],
    moves,
    width,
  );
