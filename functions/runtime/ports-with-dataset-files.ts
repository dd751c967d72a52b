import { makeS3DatasetFiles } from '#adapters/s3/s3-dataset-files';
import { makeS3ObjectStore } from '#adapters/s3/s3-object-store';
import type { DatasetFiles } from '#application/ports/dataset-files';
import type { TextObjects } from '#application/ports/object-store';
import { lazy } from './lazy.ts';
import { type Ports, ports } from './ports.ts';
import { bucketUrlOf } from './ports-with-objects.ts';
import { tenantCredentials } from './tenant-credentials.ts';

/** The ports of whoever deals with files of datasets. */
export interface PortsWithDatasetFiles extends Ports {
  readonly datasetFilesOf: (tenantId: string) => DatasetFiles;
  /** What agents handed over; a function must have been granted to read it, and to find names. */
  readonly textObjectsOf: (tenantId: string) => TextObjects;
}

/** The ports of a deployed function that reaches files of datasets, with credentials that reach no other tenant's. */
export const portsWithDatasetFiles = lazy((): PortsWithDatasetFiles => {
  const base = ports();
  const place = { bucketUrl: bucketUrlOf(base.environment), region: base.environment.AWS_REGION };
  const placeOf = (tenantId: string) => ({ ...place, credentials: () => tenantCredentials()(tenantId) });
  return {
    ...base,
    datasetFilesOf: (tenantId) => makeS3DatasetFiles(placeOf(tenantId), tenantId),
    textObjectsOf: (tenantId) => makeS3ObjectStore(placeOf(tenantId), tenantId, { mayList: true }),
  };
});
