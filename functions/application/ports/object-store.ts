import type { Artifact } from '#domain/artifact/artifact';
import type { UploadedFile } from '#domain/artifact/store-artifacts';

/** How to upload a file: a PUT of exactly the announced bytes with these headers. */
export interface Upload {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Files of one tenant in object storage. Whoever has one of its URLs needs no other credential until it expires. */
export interface ObjectStore {
  presignUpload(artifact: Artifact, seconds: number): Promise<Upload>;
  presignDownload(artifact: Artifact, seconds: number): Promise<string>;
  /** Undefined when nothing was uploaded. */
  describe(artifact: Artifact): Promise<UploadedFile | undefined>;
  /** For good. Nothing there is no error. */
  remove(artifact: Artifact): Promise<void>;
}
