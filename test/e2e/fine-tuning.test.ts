import { describe, expect, it } from 'vitest';
import type { MetricPoint, TrainingJob } from '#contracts/training-job';
import { lazy } from '#runtime/lazy';
import type { Moment } from '#test/support/sagemaker/training-jobs';
import { anotherTenant, beginIn, type OwnTenant, startOwnRunner } from './own-runner.ts';
import { startSageMaker } from './sagemaker.ts';
import { STAND_IN_MODEL } from './training-stage.ts';
import { aRepository, ended, eventually, executionOf, iorchWith, script, urlOf } from './work.ts';

/** Of whichever test does the sessions, which is a minute and a half on a machine that does nothing else. */
const PATIENCE_MS = 400_000;
const SESSIONS = 16;
const MODEL = 'house-coder';

const line = (step: number, trainLoss: number, evalLoss: number | string) =>
  `iorch step=${step} epoch=${step / 4} train_loss=${trainLoss} eval_loss=${evalLoss} lr=0.00005 tokens=${step * 100}`;
const moment = (after: number, secondary: string, ...log: string[]): Moment => ({
  after,
  status: 'InProgress',
  secondary,
  log,
});
const LIFE: readonly Moment[] = [
  moment(0, 'Starting'),
  moment(60, 'Downloading'),
  moment(120, 'Training', 'Stand-in: nothing is trained.', line(4, 1.75, 1.5)),
  moment(180, 'Interrupted'),
  moment(240, 'Restarting'),
  moment(300, 'Starting'),
  moment(360, 'Training', line(4, 1.75, 1.5), line(8, 1.5, 'nan')),
  moment(420, 'Uploading', line(12, 1.25, 1.125)),
  { after: 480, status: 'Completed', secondary: 'Completed' },
];

/** Work whose text and outcome resemble those of no other. */
const workOf = (number: number) => {
  const words = Array.from(
    { length: 12 },
    (_, index) => `${'abcdefghijklmnop'[(number * 7 + index * 3) % 16]}${number * 31 + index}`,
  );
  return {
    prompt: script(
      `write src/m${number}.js | ${words.map((word) => `export const ${word} = '${word}';`).join('\\n')}`,
      `say Made ${words.join(' ')}.`,
    ),
    session: { title: `Module ${number}` },
  };
};

const goodSessions = async (tenant: OwnTenant): Promise<void> => {
  await startOwnRunner(tenant, { args: ['--allow-file-repos', '--concurrency', '4'] });
  const repository_url = urlOf(await aRepository({ 'README.md': 'Empty.\n' }));
  const ids: string[] = [];
  // one after the other: each call at the same time is a process that the emulator starts
  for (let number = 0; number < SESSIONS; number += 1) {
    const { prompt, session } = workOf(number);
    const verify = [{ name: 'syntax', run: `node --check src/m${number}.js` }];
    const { id } = await beginIn(tenant, { ...session, prompt, workspace: { repository_url, verify } });
    ids.push(id);
  }
  for (const id of ids) expect(await ended(id, tenant.lead)).toMatchObject({ status: 'completed', success_rate: 1 });
};

const datasetOf = async ({ lead }: OwnTenant) => {
  const { id } = await lead.call('createDataset', { body: { name: 'what went well', split: { eval_fraction: 0.05 } } });
  return eventually('the dataset', async () => {
    const dataset = await lead.call('getDataset', { params: { dataset_id: id } });
    return dataset.status === 'building' ? undefined : dataset;
  });
};

/** Trains a version of the model and polls until the job has ended, as `POST /jobs/poll` allows. */
const trained = async ({ lead }: OwnTenant, dataset_id: string) => {
  const { id } = await lead.call('createTrainingJob', {
    body: {
      base_model: 'demo/scripted',
      target_model_name: MODEL,
      dataset_id,
      provider: 'simulated',
      simulation: { queue_seconds: 0, train_seconds: 2 },
      gate: { min_eval_samples: 1 },
      auto_start: true,
    },
  });
  return eventually('the end of the training', async () => {
    await lead.call('pollTrainingJobs', { body: {} });
    const job = await lead.call('getTrainingJob', { params: { job_id: id } });
    return job.completed_at ? job : undefined;
  });
};

const promote = ({ lead }: OwnTenant, version: string) =>
  lead.call('promoteModel', { params: { model_name: MODEL }, body: { version } });

const servedBy = async (tenant: OwnTenant) => {
  const { id } = await beginIn(tenant, { prompt: script('say Hello.'), model_identifier: `registry/${MODEL}` });
  await ended(id, tenant.lead);
  const { items } = await tenant.lead.call('listSessionAttempts', { params: { session_id: id } });
  return items[0]?.model_resolution;
};

/** A tenant whose good sessions are a dataset: made by whichever test needs it first. */
const curated = lazy(async () => {
  const tenant = await anotherTenant('trainers');
  await goodSessions(tenant);
  return { tenant, dataset: await datasetOf(tenant) };
});

const executionEnd = (id: string) =>
  eventually('the end of the execution', async () => {
    const found = await executionOf(id, 'FineTuningArn');
    return found?.status === 'RUNNING' ? undefined : found;
  });

it(
  'good sessions become a dataset, a training, and a version that sessions use until it is rolled back',
  async () => {
    const { tenant, dataset } = await curated();
    const counts = { scanned: SESSIONS, samples: SESSIONS, with_messages: SESSIONS };
    expect(dataset).toMatchObject({ status: 'ready', simulated: true, include_transcripts: true, counts });
    const samples = await tenant.lead.call('listDatasetItems', {
      params: { dataset_id: dataset.id },
      query: { limit: 2 },
    });
    for (const { messages = [] } of samples.items) {
      expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
      expect(messages[1]?.tool_calls).toMatchObject([{ function: { name: 'write' } }]);
    }

    const job = await trained(tenant, dataset.id);
    expect(job).toMatchObject({
      status: 'completed',
      simulated: true,
      model_version: { version: '1.0.0' },
      evaluation: { outcome: 'passed' },
    });
    const execution = await executionEnd(job.id);
    expect(execution?.status).toBe('SUCCEEDED');
    expect(execution?.states.length).toBeLessThanOrEqual(12);

    await promote(tenant, '1.0.0');
    expect(await servedBy(tenant)).toMatchObject({ version: '1.0.0', alias: 'champion', simulated: true });
    await trained(tenant, dataset.id);
    await promote(tenant, '1.0.1');
    expect(await servedBy(tenant)).toMatchObject({ version: '1.0.1' });
    await tenant.lead.call('rollbackModel', {
      params: { model_name: MODEL },
      body: { reason: 'worse than it looked' },
    });
    expect(await servedBy(tenant)).toMatchObject({ version: '1.0.0' });
  },
  PATIENCE_MS,
);

describe('with provider sagemaker, against its stand-in', () => {
  const aWorld = async () => {
    const { tenant, dataset } = await curated();
    const { lead, leadKey } = tenant;
    const service = await startSageMaker();
    const iorch = async (...args: string[]) => JSON.parse((await iorchWith(leadKey, ...args, '--json')).stdout);
    const look = (job_id: string) => lead.call('getTrainingJob', { params: { job_id } });
    return {
      dataset,
      service,
      iorch,
      /** Begins a training as the CLI does, and waits until SageMaker has it. */
      begin: async (model: string, ...options: string[]): Promise<{ id: string; name: string }> => {
        const what = ['--base', STAND_IN_MODEL, '--model', model, '--dataset', dataset.id, '--provider', 'sagemaker'];
        const { id } = await iorch('train', 'job', 'create', ...what, ...options, '--start');
        const begun = await eventually('the start', async () => (await look(id)).external_job_id ?? undefined);
        return { id, name: begun };
      },
      until: (id: string, what: Partial<TrainingJob>) =>
        eventually(`a job with ${JSON.stringify(what)}`, async () => {
          const job = await look(id);
          return Object.entries(what).every(([field, value]) => job[field as keyof TrainingJob] === value)
            ? job
            : undefined;
        }),
    };
  };

  it('a job learns of every change by its event, over an interruption, and ends as a version', async () => {
    const { dataset, service, iorch, begin, until } = await aWorld();
    const steps = Math.ceil(dataset.counts.train / 4) * 3;
    service.jobs.script(...LIFE);
    const { id, name } = await begin('wire-coder');
    await service.pass(130);
    expect(await until(id, { phase: 'training' })).toMatchObject({ status: 'running', progress: 4 / steps });
    await service.pass(60);
    expect(await until(id, { phase: 'interrupted' })).toMatchObject({ status: 'running' });
    await service.leaveEvaluation(name, { candidate: 1.125, baseline: 2 });
    await service.pass(300);
    const artifact_uri = expect.stringMatching(new RegExp(`/training/${id}/a1/output/${name}/output/model.tar.gz$`));
    expect(await until(id, { status: 'completed' })).toMatchObject({
      provider: 'sagemaker',
      simulated: false,
      artifact_uri,
      metrics: { final_loss: 1.25, eval_loss: 1.125 },
      model_version: { version: '1.0.0' },
    });
    expect(await executionEnd(id)).toMatchObject({ status: 'SUCCEEDED' });

    const curve: MetricPoint[] = await iorch('train', 'job', 'metrics', id);
    expect(curve).toMatchObject([
      { step: 4, train_loss: 1.75, eval_loss: 1.5 },
      { step: 8, train_loss: 1.5 },
      { step: 12, train_loss: 1.25, eval_loss: 1.125 },
    ]);
    const { evaluation } = await iorch('train', 'job', 'get', id);
    expect(evaluation).toMatchObject({
      basis: 'text',
      simulated: false,
      // nobody has done any work with it
      outcome: 'insufficient_data',
      // sessions are split by their ids, which are new each time
      text: { items: dataset.counts.eval, candidate_mean: 0.75, baseline_mean: 0.5 },
    });
    expect(evaluation.rules).toContainEqual(expect.objectContaining({ name: 'max_loss_regression', value: 1.125 }));
    expect(await iorch('train', 'model', 'versions', 'wire-coder')).toMatchObject({
      items: [{ version: '1.0.0', status: 'registered', job_id: id, artifact_uri, simulated: false }],
    });
    const [packages] = [...service.packages.groups.values()];
    expect(packages).toMatchObject([{ CustomerMetadataProperties: { job_id: id, base_model: STAND_IN_MODEL } }]);
  });

  it('a job that is cancelled is stopped there, and saves its work before it is over', async () => {
    const { service, iorch, begin, until } = await aWorld();
    service.jobs.script(...LIFE);
    const { id, name } = await begin('stopped-coder');
    await service.pass(130);
    await until(id, { phase: 'training' });
    expect(await iorch('train', 'job', 'cancel', id)).toMatchObject({ status: 'running', cancel_requested: true });
    await eventually('the stop', async () =>
      service.asked(name).some(({ target }) => target === 'SageMaker.StopTrainingJob') ? true : undefined,
    );
    await service.pass(120);
    await until(id, { status: 'cancelled' });
    expect(service.jobs.list({ StatusEquals: 'Stopped' })).toMatchObject([{ TrainingJobName: name }]);
  });

  it('a job whose start was not answered is found there, and taken over', async () => {
    const { service, begin, until } = await aWorld();
    service.jobs.script(moment(0, 'Starting'), { after: 60, status: 'Completed', secondary: 'Completed' });
    service.loseAnswer();
    const { id, name } = await begin('found-coder', '--no-gate');
    expect(service.asked(name).map(({ target }) => target)).toEqual([
      'SageMaker.CreateTrainingJob',
      'SageMaker.CreateTrainingJob',
      'SageMaker.DescribeTrainingJob',
    ]);
    expect(service.jobs.list({})).toHaveLength(1);
    await service.pass(60);
    expect(await until(id, { status: 'completed' })).toMatchObject({ model_version: { version: '1.0.0' } });
  });
});
