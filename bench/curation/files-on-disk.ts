import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetFiles } from '#application/ports/dataset-files';

/** Files of datasets in a folder, so that they are not counted as memory. */
export const filesOnDisk = (folder: string): DatasetFiles => {
  const pathOf = (datasetId: string, name: string) => path.join(folder, datasetId, name);
  return {
    async write(datasetId, name, content) {
      mkdirSync(path.join(folder, datasetId), { recursive: true });
      const file = await open(pathOf(datasetId, name), 'w');
      for await (const piece of content) await file.write(piece);
      await file.close();
    },
    async read(datasetId, name, { from, bytes }) {
      const file = await open(pathOf(datasetId, name));
      const { bytesRead, buffer } = await file.read(new Uint8Array(bytes), 0, bytes, from);
      await file.close();
      return buffer.subarray(0, bytesRead);
    },
    size: async (datasetId, name) => statSync(pathOf(datasetId, name)).size,
    list: async (datasetId, prefix) =>
      readdirSync(path.join(folder, datasetId)).filter((name) => name.startsWith(prefix)),
    async remove(datasetId, names) {
      for (const name of names) rmSync(pathOf(datasetId, name), { force: true });
    },
    presignDownload: async () => '',
  };
};
