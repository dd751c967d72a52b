import type { Artifact } from '#domain/artifact/artifact';
import type { UploadedFile } from '#domain/artifact/store-artifacts';

/** How to upload a file: a PUT of exactly the announced bytes with these headers. */
export interface Upload {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An object of a session. */
export interface ObjectName {
  readonly sessionId: string;
  readonly id: string;
}

/** Texts of one tenant that are too large for the table. */
export interface TextObjects {
  /** Under a name that nothing was ever written under. */
  writeText(name: ObjectName, text: string): Promise<void>;
  /** Undefined when it is not there. */
  readText(name: ObjectName): Promise<string | undefined>;
  /** For good. Nothing there is no error. */
  remove(name: ObjectName): Promise<void>;
}

/** Files of one tenant in object storage. Whoever has one of its URLs needs no other credential until it expires. */
export interface ObjectStore extends TextObjects {
  presignUpload(artifact: Artifact, seconds: number): Promise<Upload>;
  presignDownload(artifact: Artifact, seconds: number): Promise<string>;
  /** Undefined when nothing was uploaded. */
  describe(artifact: Artifact): Promise<UploadedFile | undefined>;
  /** Up to so many objects of a session, whatever made them. */
  list(sessionId: string, limit: number): Promise<readonly ObjectName[]>;
}
