const MEGABYTE = 1024 * 1024;

/** What one agent may upload for one assignment. */
export const ARTIFACT_LIMITS = {
  bytesEach: 100 * MEGABYTE,
  count: 200,
  bytesTogether: 1024 * MEGABYTE,
} as const;

const PATH_MAX = 512;

/** A file that an agent hands over beside its result. Its bytes are in object storage, its description never changes but for `storedAt`. */
export interface Artifact {
  readonly id: string;
  readonly sessionId: string;
  readonly attempt: number;
  readonly assignmentId: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly mimeType: string;
  /** Hex. */
  readonly sha256: string;
  readonly createdAt: string;
  /** When a result named it and its bytes were found to be the announced ones. */
  readonly storedAt?: string | undefined;
  readonly revision: number;
}

/** Whether a path stays below the folder it is unpacked in, on every system. */
export const isArtifactPath = (path: string): boolean =>
  path !== '' &&
  path.length <= PATH_MAX &&
  !path.startsWith('/') &&
  !/[\\\0]/.test(path) &&
  !path.split('/').includes('..');
