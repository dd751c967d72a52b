import type { Evaluation } from '#domain/evaluation/evaluation';
import { type NewVersion, registerVersion } from '#domain/model/register-version';
import type { Model, ModelVersion } from '#domain/model/registered-model';
import { DEFAULT_PARAMETERS } from '#domain/training-job/parameters';
import { NOON } from './a-session.ts';

/** A comparison of twenty pairs that the trained model has won. */
export const anEvaluation = (fields: Partial<Evaluation> = {}): Evaluation => ({
  basis: 'replay',
  simulated: false,
  outcome: 'passed',
  verdict: 'better',
  pValue: 0.0391,
  candidate: { modelIdentifier: 'acme/coder-1.0.0', passed: 18, pairs: 20, passRate: 0.9, interval: [0.699, 0.9721] },
  baseline: { modelIdentifier: 'acme/base', passed: 11, pairs: 20, passRate: 0.55, interval: [0.3421, 0.7418] },
  both: 10,
  candidateOnly: 8,
  baselineOnly: 1,
  neither: 1,
  notReplayed: {},
  text: { items: 0 },
  rules: [{ name: 'min_eval_samples', value: 20, threshold: 10, held: true }],
  at: NOON,
  ...fields,
});

/** What a job has made and is to be registered. */
export const aNewVersion = (fields: Partial<NewVersion> = {}): NewVersion => ({
  tenantId: 'A',
  modelName: 'coder',
  version: '1.0.0',
  jobId: 'JOB',
  attempt: 1,
  datasetId: 'DATASET',
  datasetSha256: '005b558ef58a5184923032468e94af45897c4d58b8af56dbd1df7feca43d67e5',
  baseModel: 'mistralai/Mistral-7B-v0.1',
  parameters: DEFAULT_PARAMETERS,
  metrics: null,
  evaluation: anEvaluation(),
  artifactUri: null,
  servingModelIdentifier: 'acme/coder-1.0.0',
  provider: 'sagemaker',
  simulated: false,
  createdBy: 'USER',
  outcome: 'passed',
  autoPromote: false,
  ...fields,
});

/** A model with one approved version that no alias points to. */
export const aModel = (fields: Partial<Model> = {}): Model => ({
  ...registerVersion(undefined, aNewVersion({ outcome: 'skipped' }), NOON).after,
  ...fields,
});

/** An approved version. */
export const aVersion = (fields: Partial<ModelVersion> = {}): ModelVersion => ({
  ...(registerVersion(undefined, aNewVersion(), NOON).version?.after as ModelVersion),
  ...fields,
});
