import { makeS3DatasetFiles } from '#adapters/s3/s3-dataset-files';
import type { DatasetFiles } from '#application/ports/dataset-files';
import { lazy } from './lazy.ts';
import { type Ports, ports } from './ports.ts';
import { bucketUrlOf } from './ports-with-objects.ts';
import { tenantCredentials } from './tenant-credentials.ts';

/** The ports of whoever deals with files of datasets. */
export interface PortsWithDatasetFiles extends Ports {
  readonly datasetFilesOf: (tenantId: string) => DatasetFiles;
}

/** The ports of a deployed function that reaches files of datasets, with credentials that reach no other tenant's. */
export const portsWithDatasetFiles = lazy((): PortsWithDatasetFiles => {
  const base = ports();
  const place = { bucketUrl: bucketUrlOf(base.environment), region: base.environment.AWS_REGION };
  return {
    ...base,
    datasetFilesOf: (tenantId) =>
      makeS3DatasetFiles({ ...place, credentials: () => tenantCredentials()(tenantId) }, tenantId),
  };
});
