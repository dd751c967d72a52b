import type { Curated } from '#domain/dataset/curate-session';
import { utf8Length } from '#domain/dataset/sample';
import type { DatasetFiles } from './ports/dataset-files.ts';

/** A sample in the index of a build: what it is chosen by, and where its line stands. */
export interface IndexedSample extends Omit<Curated, 'line'> {
  /** Number of its part. */
  readonly at: number;
  /** Where its line begins in the part. */
  readonly from: number;
  /** Of its line without the line break. */
  readonly bytes: number;
}

type StoredSample = Omit<IndexedSample, 'signature' | 'at'> & { readonly signature: string };

const DIGITS = 5;
const numbered = (part: number) => `part-${String(part).padStart(DIGITS, '0')}`;
const linesOf = (part: number) => `${numbered(part)}.jsonl`;
const indexOf = (part: number) => `${numbered(part)}.index.jsonl`;

/** Every file that the build of a dataset may have left; the last part may be stored without being counted. */
export const partNames = (parts: number): readonly string[] =>
  Array.from({ length: parts + 1 }, (_, index) => [linesOf(index + 1), indexOf(index + 1)]).flat();

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
    /** Stores a part and its index, in the place of what a lost slice left of it. */
    async write(part: number, samples: readonly Curated[]): Promise<void> {
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

    async readIndex(part: number): Promise<readonly IndexedSample[]> {
      const name = indexOf(part);
      const content = await files.read(datasetId, name, { from: 0, bytes: await files.size(datasetId, name) });
      const lines = decoder.decode(content).split('\n').slice(0, -1);
      return lines.map((line) => {
        const { signature, ...stored } = JSON.parse(line) as StoredSample;
        return { ...stored, signature: signatureOf(signature), at: part };
      });
    },

    /** The line of a sample, with its line break. */
    readLine: ({ at, from, bytes }: Pick<IndexedSample, 'at' | 'from' | 'bytes'>): Promise<Uint8Array> =>
      files.read(datasetId, linesOf(at), { from, bytes: bytes + 1 }),
  };
};
