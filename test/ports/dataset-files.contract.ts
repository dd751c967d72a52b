import { describe, expect, it } from 'vitest';
import type { DatasetFiles } from '#application/ports/dataset-files';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function* piecesOf(...pieces: readonly string[]) {
  for (const piece of pieces) yield bytesOf(piece);
}

/** What object storage must do for datasets. `open` answers the files of a tenant in a storage that is empty at first. */
export const datasetFilesContract = (open: () => (tenantId: string) => DatasetFiles) => {
  const write = (files: DatasetFiles, name: string, ...pieces: readonly string[]) =>
    files.write('DATASET', name, piecesOf(...pieces), bytesOf(pieces.join('')).length);
  const all = { from: 0, bytes: 1000 };

  describe('the files of datasets', () => {
    it('come back as they were sent, piece by piece, whole and in part', async () => {
      const files = open()('A');
      await write(files, 'train.jsonl', 'first\n', 'sécond\n');
      expect(await files.size('DATASET', 'train.jsonl')).toBe(14);
      expect(textOf(await files.read('DATASET', 'train.jsonl', all))).toBe('first\nsécond\n');
      expect(textOf(await files.read('DATASET', 'train.jsonl', { from: 6, bytes: 3 }))).toBe('sé');
    });

    it('may be empty, and take the place of older ones', async () => {
      const files = open()('A');
      await write(files, 'train.jsonl', 'old');
      await write(files, 'train.jsonl', 'new');
      await write(files, 'eval.jsonl');
      expect(textOf(await files.read('DATASET', 'train.jsonl', all))).toBe('new');
      expect(await files.size('DATASET', 'eval.jsonl')).toBe(0);
    });

    it('are not another tenant’s and not another dataset’s', async () => {
      const filesOf = open();
      await write(filesOf('A'), 'train.jsonl', 'mine');
      await expect(filesOf('B').read('DATASET', 'train.jsonl', all)).rejects.toThrow();
      await expect(filesOf('A').read('OTHER', 'train.jsonl', all)).rejects.toThrow();
      await filesOf('B').remove('DATASET', ['train.jsonl']);
      expect(textOf(await filesOf('A').read('DATASET', 'train.jsonl', all))).toBe('mine');
    });

    it('are found by how their names begin, until they are removed', async () => {
      const filesOf = open();
      const names = ['part-1.jsonl', 'part-2.jsonl', 'train.jsonl'];
      for (const name of names) await write(filesOf('A'), name, 'mine');
      const found = await filesOf('A').list('DATASET', 'part-');
      expect(found.toSorted()).toEqual(['part-1.jsonl', 'part-2.jsonl']);
      expect(await filesOf('A').list('OTHER', 'part-')).toEqual([]);
      expect(await filesOf('B').list('DATASET', 'part-')).toEqual([]);
      await filesOf('A').remove('DATASET', found);
      expect(await filesOf('A').list('DATASET', '')).toEqual(['train.jsonl']);
    });

    it('are gone when they are removed, twice as well', async () => {
      const files = open()('A');
      await write(files, 'train.jsonl', 'mine');
      await files.remove('DATASET', ['train.jsonl', 'never.jsonl']);
      await files.remove('DATASET', ['train.jsonl']);
      await expect(files.size('DATASET', 'train.jsonl')).rejects.toThrow();
    });
  });
};
