import { expect, it } from 'vitest';
import { anotherTenant, beginIn, type OwnTenant, startOwnRunner } from './own-runner.ts';
import { aRepository, ended, eventually, executionOf, script, urlOf } from './work.ts';

const SESSIONS = 16;
const MODEL = 'house-coder';

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
  const begun = await Promise.all(
    Array.from({ length: SESSIONS }, (_, number) => {
      const { prompt, session } = workOf(number);
      const verify = [{ name: 'syntax', run: `node --check src/m${number}.js` }];
      return beginIn(tenant, { ...session, prompt, workspace: { repository_url, verify } });
    }),
  );
  for (const { id } of begun)
    expect(await ended(id, tenant.lead)).toMatchObject({ status: 'completed', success_rate: 1 });
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

it('good sessions become a dataset, a training, and a version that sessions use until it is rolled back', async () => {
  const tenant = await anotherTenant('trainers');
  await goodSessions(tenant);
  const dataset = await datasetOf(tenant);
  expect(dataset).toMatchObject({ status: 'ready', simulated: true, counts: { scanned: SESSIONS, samples: SESSIONS } });

  const job = await trained(tenant, dataset.id);
  expect(job).toMatchObject({
    status: 'completed',
    simulated: true,
    model_version: { version: '1.0.0' },
    evaluation: { outcome: 'passed' },
  });
  const execution = await eventually('the end of the execution', async () => {
    const found = await executionOf(job.id, 'FineTuningArn');
    return found?.status === 'RUNNING' ? undefined : found;
  });
  expect(execution?.status).toBe('SUCCEEDED');
  expect(execution?.states.length).toBeLessThanOrEqual(12);

  await promote(tenant, '1.0.0');
  expect(await servedBy(tenant)).toMatchObject({ version: '1.0.0', alias: 'champion', simulated: true });
  await trained(tenant, dataset.id);
  await promote(tenant, '1.0.1');
  expect(await servedBy(tenant)).toMatchObject({ version: '1.0.1' });
  await tenant.lead.call('rollbackModel', { params: { model_name: MODEL }, body: { reason: 'worse than it looked' } });
  expect(await servedBy(tenant)).toMatchObject({ version: '1.0.0' });
});
