import type { ProviderJob } from '#application/ports/training-provider';
import { trainingFolder } from '#domain/training-job/training-folder';

type Attempt = Pick<ProviderJob, 'tenantId' | 'jobId' | 'attempt'>;

/** Address of what an attempt makes. */
export const attemptFolder = (bucket: string, attempt: Attempt): string => `s3://${bucket}/${trainingFolder(attempt)}`;

/** Where the files of a dataset lie. One without an eval part has no file for it. */
export const datasetFiles = (
  bucket: string,
  { tenantId, datasetId, dataset }: Pick<ProviderJob, 'tenantId' | 'datasetId' | 'dataset'>,
): { readonly train: string; readonly eval?: string } => {
  const folder = `s3://${bucket}/${tenantId}/datasets/${datasetId}`;
  return { train: `${folder}/train.jsonl`, ...(dataset.evalSamples > 0 && { eval: `${folder}/eval.jsonl` }) };
};

/** Where checkpoints lie and, once the training is over, `evaluation.json` and `manifest.json` as plain objects. */
export const checkpointFolder = (bucket: string, attempt: Attempt): string =>
  `${attemptFolder(bucket, attempt)}/checkpoints`;

const FOLDER = /^s3:\/\/[^/]+\/([0-9A-HJKMNP-TV-Z]{26})\/training\/([0-9A-HJKMNP-TV-Z]{26})\/a\d+\/output\/?$/;

/** Whose job it is by where its output goes; undefined for an address that this stage did not give. */
export const ownerOf = (outputPath: string): { tenantId: string; jobId: string } | undefined => {
  const [, tenantId, jobId] = FOLDER.exec(outputPath) ?? [];
  return tenantId === undefined || jobId === undefined ? undefined : { tenantId, jobId };
};
