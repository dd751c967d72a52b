import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { makeSecretReader } from '#adapters/secrets-manager/secrets-manager-secrets';
import type { Secrets } from '#application/ports/secrets';
import { required } from './environment.ts';
import { lazy } from './lazy.ts';
import { type Ports, ports } from './ports.ts';

/** The ports of routes that derive or compare secrets of the platform. */
export interface PortsWithSecrets extends Ports {
  readonly secrets: Secrets;
}

const secret = lazy(() => makeSecretReader(new SecretsManagerClient({})));

/** The ports of a deployed function that may read secrets. */
export const portsWithSecrets = lazy((): PortsWithSecrets => {
  const base = ports();
  return {
    ...base,
    secrets: {
      agentMasterKey: () => secret()(required(base.environment, 'AGENT_MASTER_KEY_SECRET')),
      bootstrapToken: () => secret()(required(base.environment, 'BOOTSTRAP_TOKEN_SECRET')),
    },
  };
});
