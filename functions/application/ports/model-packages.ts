import type { ModelVersion } from '#domain/model/registered-model';

/** A version with the weights that were trained for it. */
export interface TrainedVersion extends ModelVersion {
  readonly tenantId: string;
  readonly artifactUri: string;
}

/** Another registry, in which a provider shows what it trained. Ours is the truth; nothing is read from there. */
export interface ModelPackages {
  /** Registering twice is registering once. */
  register(version: TrainedVersion): Promise<void>;
}
