import { type Dataset, NO_COUNTS } from '#domain/dataset/dataset';
import { NOON } from './a-session.ts';

/** A dataset that is being built, with everything that a test does not care about. */
export const aDataset = (fields: Partial<Dataset> = {}): Dataset => ({
  tenantId: 'A',
  id: 'DATASET',
  version: 1,
  name: 'Good work',
  status: 'building',
  filters: { minSuccessRate: 0.9, successSources: ['verification', 'person'], includePartial: false, limit: 1000 },
  split: { evalFraction: 0.1, seed: 0 },
  includeTranscripts: true,
  counts: NO_COUNTS,
  tokens: { train: 0, eval: 0 },
  bytes: { train: 0, eval: 0 },
  redactionVersion: 1,
  redactionRules: {},
  simulated: false,
  createdBy: 'USER',
  createdAt: NOON,
  updatedAt: NOON,
  revision: 0,
  ...fields,
});
