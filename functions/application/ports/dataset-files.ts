/** Files of one tenant's datasets in object storage, by their dataset and name. */
export interface DatasetFiles {
  /** Puts a file of exactly so many bytes, in the place of one of that name. The content is read as it is sent. */
  write(datasetId: string, name: string, content: AsyncIterable<Uint8Array>, bytes: number): Promise<void>;
  /** So many bytes from a place on, fewer where the file ends. @throws Error when there is no such file */
  read(datasetId: string, name: string, range: { from: number; bytes: number }): Promise<Uint8Array>;
  /** How many bytes a file has. @throws Error when there is no such file */
  size(datasetId: string, name: string): Promise<number>;
  /** Names of files that begin so, a thousand at most: when these are removed, the next ones are found. */
  list(datasetId: string, prefix: string): Promise<readonly string[]>;
  /** What is not there is no error. */
  remove(datasetId: string, names: readonly string[]): Promise<void>;
  /** Whoever has the address needs no other credential until it expires. */
  presignDownload(datasetId: string, name: string, as: { fileName: string; seconds: number }): Promise<string>;
}
