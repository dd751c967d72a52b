import { makeS3DatasetFiles } from '#adapters/s3/s3-dataset-files';
import { type EvalItem, makeReadEvalItems } from '#application/eval-items';
import { ownCredentials } from './environment.ts';
import { ports } from './ports.ts';
import { bucketUrlOf } from './ports-with-objects.ts';

/** Reads the eval parts of a tenant's datasets, in a deployed function. */
export const evalItemsOf = (tenantId: string): ((datasetId: string) => Promise<readonly EvalItem[]>) => {
  const { environment, storeOf } = ports();
  const place = { bucketUrl: bucketUrlOf(environment), region: environment.AWS_REGION };
  const files = makeS3DatasetFiles({ ...place, credentials: async () => ownCredentials(process.env) }, tenantId);
  return makeReadEvalItems({ store: storeOf(tenantId), files });
};
