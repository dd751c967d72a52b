import type { MetricPoint, TrainingEstimate, TrainingJob, TrainingJobItem } from '#contracts/training-job';
import { age, count, dollars, duration, percent } from './quantities.ts';
import { fields, table } from './table.ts';

const SECOND_MS = 1000;

/** Whatever is simulated says so wherever it is shown. */
const marked = (text: string, { simulated }: { readonly simulated: boolean }) =>
  simulated ? `${text} (simulated)` : text;

const progressOf = ({ progress, step, total_steps }: TrainingJobItem) =>
  progress === null ? undefined : `${percent(progress)}${step === null ? '' : `, step ${step} of ${total_steps}`}`;

const statusOf = ({ status, phase, cancel_requested }: TrainingJobItem) =>
  [status, ...(phase ? [phase.replaceAll('_', ' ')] : []), ...(cancel_requested ? ['to be cancelled'] : [])].join(
    ' · ',
  );

/** Training jobs, one per line. */
export const trainingTable = (jobs: readonly TrainingJobItem[], now: number, width?: number): string =>
  table(
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'STATUS', of: ({ status }) => status },
      { title: 'DONE', of: ({ progress }) => (progress === null ? '' : percent(progress)), align: 'right' },
      { title: 'AGE', of: ({ created_at }) => age(created_at, now), align: 'right' },
      { title: 'PROVIDER', of: ({ provider }) => provider },
      { title: 'MODEL', of: ({ target_model_name, version }) => `${target_model_name} ${version}` },
    ],
    jobs,
    width,
  );

/** Points of a loss curve, one per line. */
export const curveTable = (points: readonly MetricPoint[], width?: number): string =>
  table(
    [
      { title: 'STEP', of: ({ step }) => String(step), align: 'right' },
      { title: 'EPOCH', of: ({ epoch }) => epoch.toFixed(2), align: 'right' },
      { title: 'TRAIN LOSS', of: ({ train_loss }) => train_loss.toFixed(4), align: 'right' },
      { title: 'EVAL LOSS', of: ({ eval_loss }) => eval_loss?.toFixed(4) ?? '', align: 'right' },
      { title: 'TOKENS', of: ({ tokens_processed }) => tokens_processed.toLocaleString('en-US'), align: 'right' },
      { title: 'SIMULATED', of: ({ simulated }) => (simulated ? 'yes' : 'no') },
    ],
    points,
    width,
  );

/** What a job would cost. */
export const estimateFields = (estimate: TrainingEstimate): string =>
  fields([
    ['tokens', estimate.tokens === null ? 'not known yet' : estimate.tokens.toLocaleString('en-US')],
    ['time', estimate.seconds === null ? undefined : `about ${duration(estimate.seconds * SECOND_MS)}`],
    ['expected', estimate.expected_usd === null ? 'not known yet' : marked(dollars(estimate.expected_usd), estimate)],
    ['at most', marked(dollars(estimate.max_usd), estimate)],
    ['comparing', estimate.evaluation_max_usd ? `at most ${dollars(estimate.evaluation_max_usd)}` : undefined],
    ['prices', `${estimate.price_table_version} of ${estimate.as_of}`],
  ]);

const metricsOf = ({ metrics }: TrainingJobItem) =>
  metrics
    ? [
        `loss ${metrics.final_loss ?? 'unknown'}`,
        `held out ${metrics.eval_loss ?? 'unknown'}`,
        `accuracy ${metrics.accuracy ?? 'unknown'}`,
      ].join(', ')
    : undefined;

const evaluationOf = ({ evaluation }: TrainingJobItem) =>
  evaluation
    ? marked(
        `${evaluation.outcome}, ${evaluation.verdict ?? 'no verdict'}, ${count(evaluation.candidate.pairs, 'pair')}`,
        evaluation,
      )
    : undefined;

/** One job, a line per field that has a value. */
export const trainingFields = (job: TrainingJob): string =>
  fields([
    ['job', job.id],
    ['status', marked(statusOf(job), job)],
    ['progress', progressOf(job)],
    ['error', job.error ? `${job.error.code}: ${job.error.message}` : undefined],
    ['model', `${job.target_model_name} ${job.version}${job.model_version ? '' : ', not made yet'}`],
    ['base model', job.base_model],
    ['dataset', job.dataset_id ?? undefined],
    ['samples', job.sample_count === null ? undefined : String(job.sample_count)],
    ['provider', job.external_job_id === null ? job.provider : `${job.provider}, ${job.external_job_id}`],
    ['attempt', String(job.attempt)],
    [
      'parameters',
      `${job.parameters.method}, ${count(job.parameters.epochs, 'epoch')}, rate ${job.parameters.learning_rate}`,
    ],
    ['metrics', metricsOf(job)],
    ['evaluation', evaluationOf(job)],
    ['cost', job.cost ? dollars(job.cost.usd) : undefined],
    ['estimate', job.estimate ? `at most ${dollars(job.estimate.max_usd)}` : undefined],
    ['artifact', job.artifact_uri ?? undefined],
    ['created', job.created_at],
    ['started', job.started_at ?? undefined],
    ['ended', job.completed_at ?? undefined],
  ]);

/** Where a job stands, in one line. */
export const trainingLine = (job: TrainingJob): string =>
  [marked(statusOf(job), job), progressOf(job), job.error?.code].filter((part) => part !== undefined).join('  ');
