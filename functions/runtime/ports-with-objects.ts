import { makeS3ObjectStore } from '#adapters/s3/s3-object-store';
import type { ObjectStore } from '#application/ports/object-store';
import { type Environment, ownCredentials, required } from './environment.ts';
import { lazy } from './lazy.ts';
import { type Ports, ports } from './ports.ts';

/** The ports of routes that deal with files. */
export interface PortsWithObjects extends Ports {
  readonly objectsOf: (tenantId: string) => ObjectStore;
}

/** Where the bucket is, without a slash at its end. */
export const bucketUrlOf = (environment: Environment): string =>
  environment.AWS_ENDPOINT_URL === undefined
    ? `https://${required(environment, 'ARTIFACTS_HOST')}`
    : `${environment.AWS_ENDPOINT_URL}/${required(environment, 'ARTIFACTS_BUCKET')}`;

/** The ports of a deployed function that deals with files. */
export const portsWithObjects = lazy((): PortsWithObjects => {
  const base = ports();
  const { environment } = base;
  const { AWS_REGION: region } = environment;
  const bucketUrl = bucketUrlOf(environment);
  // the function's own: an address lives no longer than the credentials that signed it
  const credentials = async () => ownCredentials(process.env);
  const objectsOf = (tenantId: string) => makeS3ObjectStore({ bucketUrl, region, credentials }, tenantId);
  return { ...base, objectsOf, storeOf: (tenantId) => base.storeOf(tenantId, objectsOf(tenantId)) };
});
