import { DomainError } from '#domain/errors';

/** The file is larger than any artifact may be. */
export class ArtifactTooLarge extends DomainError {
  readonly code = 'ARTIFACT_TOO_LARGE';
  override readonly extras: { limit_bytes: number };

  constructor(limitBytes: number) {
    super(`an artifact has at most ${limitBytes} bytes`);
    this.extras = { limit_bytes: limitBytes };
  }
}

/** What was uploaded is not what was announced. */
export class ArtifactMismatch extends DomainError {
  readonly code = 'ARTIFACT_MISMATCH';
  override readonly extras: { artifact_id: string };

  constructor(artifactId: string, difference: string) {
    super(`artifact ${artifactId} ${difference}`);
    this.extras = { artifact_id: artifactId };
  }
}
