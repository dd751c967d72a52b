import type { Curated } from '#domain/dataset/curate-session';
import { utf8Length } from '#domain/dataset/sample';
import type { DatasetFiles } from './ports/dataset-files.ts';

/** A sample in the index of a build: what it is chosen by, and where its line stands. */
export interface IndexedSample extends Omit<Curated, 'line'> {
  /** Name of its part. */
  readonly at: string;
  /** Where its line begins in the part. */
  readonly from: number;
  /** Of its line without the line break. */
  readonly bytes: number;
}

type StoredSample = Omit<IndexedSample, 'signature' | 'at'> & { readonly signature: string };

const DIGITS = 5;
const linesOf = (part: string) => `${part}.jsonl`;
const indexOf = (part: string) => `${part}.index.jsonl`;

/** How the names of all files begin that the build of a dataset may have left, also of parts that do not count. */
export const PART_PREFIX = 'part-';

/** The name of the part in a place, as one write of one execution stores it: nobody else ever writes under it. */
export const partName = (place: number, { run, id }: { readonly run: number; readonly id: string }): string =>
  `${PART_PREFIX}${String(place).padStart(DIGITS, '0')}-${run}-${id}`;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function* encoded(lines: readonly string[]) {
  for (const line of lines) yield encoder.encode(`${line}\n`);
}

const textOf = (signature: Uint16Array) => Buffer.from(signature.buffer).toString('base64');
const signatureOf = (text: string) => new Uint16Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);

/** Samples on their way from the sessions into the files of a dataset. */
export const makeDatasetParts = (files: DatasetFiles, datasetId: string) => {
  const put = (name: string, lines: readonly string[]) =>
    files.write(
      datasetId,
      name,
      encoded(lines),
      lines.reduce((sum, line) => sum + utf8Length(line) + 1, 0),
    );

  return {
    /** Stores a part and its index. */
    async write(part: string, samples: readonly Curated[]): Promise<void> {
      let from = 0;
      const index = samples.map(({ line, signature, ...sample }) => {
        const bytes = utf8Length(line);
        const stored: StoredSample = { ...sample, signature: textOf(signature), from, bytes };
        from += bytes + 1;
        return JSON.stringify(stored);
      });
      await put(
        linesOf(part),
        samples.map(({ line }) => line),
      );
      await put(indexOf(part), index);
    },

    async readIndex(part: string): Promise<readonly IndexedSample[]> {
      const name = indexOf(part);
      const content = await files.read(datasetId, name, { from: 0, bytes: await files.size(datasetId, name) });
      const lines = decoder.decode(content).split('\n').slice(0, -1);
      return lines.map((line) => {
        const { signature, ...stored } = JSON.parse(line) as StoredSample;
        return { ...stored, signature: signatureOf(signature), at: part };
      });
    },

    /** For a part that does not count after all. */
    remove: (part: string): Promise<void> => files.remove(datasetId, [linesOf(part), indexOf(part)]),

    /** The line of a sample, with its line break. */
    readLine: ({ at, from, bytes }: Pick<IndexedSample, 'at' | 'from' | 'bytes'>): Promise<Uint8Array> =>
      files.read(datasetId, linesOf(at), { from, bytes: bytes + 1 }),
  };
};
