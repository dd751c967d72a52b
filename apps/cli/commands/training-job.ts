import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type CommonOptions, type Context, clientOf, printJson } from '#apps/cli/context';
import { everyPage } from '#apps/cli/every-page';
import { type ExitCode, exitCode } from '#apps/cli/exit-code';
import { eventLine } from '#apps/cli/output/news-line';
import {
  curveTable,
  estimateFields,
  trainingFields,
  trainingLine,
  trainingTable,
} from '#apps/cli/output/training-report';
import { patiently } from '#apps/cli/patiently';
import { Refusal } from '#apps/cli/refusal';
import { sayMore } from '#apps/cli/say-more';
import type { CallInput } from '#contracts/client';
import type { MetricPoint, TrainingJob } from '#contracts/training-job';

type JobBody = CallInput<'createTrainingJob'>['body'];

export interface JobOptions extends CommonOptions {
  readonly file?: string;
  readonly base?: string;
  readonly model?: string;
  readonly dataset?: string;
  readonly modelVersion?: string;
  readonly bump?: string;
  readonly provider?: string;
  readonly method?: string;
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly loraRank?: number;
  readonly gate?: boolean;
  readonly start?: boolean;
}

const readBody = (file: string | undefined): Record<string, unknown> => {
  if (file === undefined) return {};
  let body: unknown;
  try {
    body = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Refusal(`${file} is not a JSON file that can be read: ${(error as Error).message}`, { cause: error });
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Refusal(`${file} holds no JSON object: it has to be the request, like {"base_model": "…"}`);
  return body as Record<string, unknown>;
};

const given = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The request of a job: the file, and over it what the options say. The API says what is wrong with it. */
const bodyOf = (options: JobOptions): JobBody => {
  const file = readBody(options.file);
  const parameters = given({
    method: options.method,
    epochs: options.epochs,
    learning_rate: options.learningRate,
    lora_rank: options.loraRank,
  });
  return {
    ...file,
    ...given({
      base_model: options.base,
      target_model_name: options.model,
      dataset_id: options.dataset,
      version: options.modelVersion,
      bump: options.bump,
      provider: options.provider,
      auto_start: options.start,
    }),
    parameters: { ...(file['parameters'] as object | undefined), ...parameters },
    gate: { ...(file['gate'] as object | undefined), ...(options.gate === false ? { enabled: false } : {}) },
  } as JobBody;
};

const show = (context: Context, { json }: CommonOptions, job: TrainingJob): ExitCode => {
  if (json) printJson(context, job);
  else context.terminal.out(trainingFields(job));
  return exitCode.done;
};

/** `iorch train job create` */
export const createJob =
  (context: Context) =>
  async (options: JobOptions): Promise<ExitCode> => {
    const body = bodyOf(options);
    const client = clientOf(context, options);
    return show(context, options, await client.call('createTrainingJob', { body, idempotencyKey: randomUUID() }));
  };

/** `iorch train job estimate`: nothing is created. */
export const estimateJob =
  (context: Context) =>
  async (options: JobOptions): Promise<ExitCode> => {
    const estimate = await clientOf(context, options).call('estimateTrainingJob', { body: bodyOf(options) });
    if (options.json) printJson(context, estimate);
    else context.terminal.out(estimateFields(estimate));
    return exitCode.done;
  };

export interface JobListOptions extends CommonOptions {
  readonly status?: string;
  readonly base?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** `iorch train job list` */
export const listJobs =
  (context: Context) =>
  async ({ status, base, model, provider, limit, cursor, ...options }: JobListOptions): Promise<ExitCode> => {
    const query = { status, base_model: base, target_model_name: model, provider, limit, cursor };
    const page = await clientOf(context, options).call('listTrainingJobs', { query });
    if (options.json) printJson(context, page);
    else {
      context.terminal.out(trainingTable(page.items, context.now(), context.terminal.columns));
      sayMore(context, page.next_cursor);
    }
    return exitCode.done;
  };

/** `iorch train job get` */
export const getJob =
  (context: Context) =>
  async (job_id: string, options: CommonOptions): Promise<ExitCode> =>
    show(context, options, await clientOf(context, options).call('getTrainingJob', { params: { job_id } }));

/** `iorch train job start` */
export const startJob =
  (context: Context) =>
  async (job_id: string, { dataset, ...options }: CommonOptions & { dataset?: string }): Promise<ExitCode> => {
    const body = dataset === undefined ? {} : { dataset_id: dataset };
    const input = { params: { job_id }, body, idempotencyKey: randomUUID() };
    return show(context, options, await clientOf(context, options).call('startTrainingJob', input));
  };

/** `iorch train job cancel` */
export const cancelJob =
  (context: Context) =>
  async (job_id: string, { reason, ...options }: CommonOptions & { reason?: string }): Promise<ExitCode> => {
    const body = reason === undefined ? {} : { reason };
    return show(
      context,
      options,
      await clientOf(context, options).call('cancelTrainingJob', { params: { job_id }, body }),
    );
  };

/** `iorch train job retry`: the next attempt is pending until it is started. */
export const retryJob =
  (context: Context) =>
  async (job_id: string, options: CommonOptions): Promise<ExitCode> => {
    const input = { params: { job_id }, body: {}, idempotencyKey: randomUUID() };
    return show(context, options, await clientOf(context, options).call('retryTrainingJob', input));
  };

/** `iorch train job metrics`: the whole loss curve of an attempt. */
export const listMetrics =
  (context: Context) =>
  async (job_id: string, { attempt, ...options }: CommonOptions & { attempt?: string }): Promise<ExitCode> => {
    const client = clientOf(context, options);
    const points: MetricPoint[] = [];
    for (let cursor: string | undefined; ; ) {
      const query = { limit: 100, attempt, cursor };
      const page = await client.call('listTrainingMetrics', { params: { job_id }, query });
      points.push(...page.items);
      cursor = page.next_cursor;
      if (cursor === undefined) break;
    }
    if (options.json) printJson(context, points);
    else context.terminal.out(curveTable(points, context.terminal.columns));
    return exitCode.done;
  };

/** `iorch train job events` */
export const listJobEvents =
  (context: Context) =>
  async (job_id: string, options: CommonOptions): Promise<ExitCode> => {
    const client = clientOf(context, options);
    const events = await everyPage((cursor) =>
      client.call('listTrainingEvents', { params: { job_id }, query: { limit: 100, cursor } }),
    );
    if (options.json) printJson(context, events);
    else for (const event of events) context.terminal.out(eventLine(event));
    return exitCode.done;
  };

const POLL_MS = 2000;
/** So many looks that found nothing new, and who watches is told why: 20 seconds. */
const QUIET_LOOKS = 10;

const QUIET = 'nothing new for 20 s: the API looks at trainings once a minute; with --poll at every look (leads only)';

/** Takes whether a look found something new, and gives the hint once. */
const hintWhenQuiet = (hint: () => void) => {
  let quiet = 0;
  return (isNew: boolean) => {
    if (quiet === QUIET_LOOKS) return;
    quiet = isNew ? 0 : quiet + 1;
    if (quiet === QUIET_LOOKS) hint();
  };
};

const hasEnded = ({ completed_at, status }: TrainingJob) => completed_at !== null || status === 'pending';

/** `iorch train job watch`: follows a job until nothing is under way any more; the exit code tells how it went. */
export const watchJob =
  (context: Context) =>
  async (job_id: string, { poll, ...options }: CommonOptions & { poll?: boolean }): Promise<ExitCode> => {
    const client = clientOf(context, options);
    const look = async () => {
      if (poll) await patiently(() => client.call('pollTrainingJobs', { body: {} }), context.sleep);
      return patiently(() => client.call('getTrainingJob', { params: { job_id } }), context.sleep);
    };
    let job = await look();
    const note = hintWhenQuiet(() => !poll && context.terminal.err(`iorch: ${QUIET}`));
    for (let told = ''; ; job = await look()) {
      const line = trainingLine(job);
      if (line !== told && !options.json) context.terminal.out(line);
      note(line !== told);
      told = line;
      if (hasEnded(job)) break;
      await context.sleep(POLL_MS);
    }
    show(context, options, job);
    return job.status === 'failed' || job.status === 'cancelled' ? exitCode.sessionFailed : exitCode.done;
  };
