import type { DatasetFiles } from '#application/ports/dataset-files';

/** Files of every tenant's datasets in memory; `stored` shows them by tenant, dataset and name. */
export const datasetFilesInMemory = () => {
  const stored = new Map<string, Uint8Array>();
  const of = (tenantId: string): DatasetFiles => {
    const keyOf = (datasetId: string, name: string) => `${tenantId}/${datasetId}/${name}`;
    const find = (datasetId: string, name: string): Uint8Array => {
      const found = stored.get(keyOf(datasetId, name));
      if (found === undefined) throw new Error(`there is no ${keyOf(datasetId, name)}`);
      return found;
    };
    return {
      async write(datasetId, name, content, bytes) {
        const pieces: Uint8Array[] = [];
        for await (const piece of content) pieces.push(piece);
        const whole = Buffer.concat(pieces);
        if (whole.length !== bytes)
          throw new Error(`${name} has ${whole.length} bytes and was announced with ${bytes}`);
        stored.set(keyOf(datasetId, name), whole);
      },
      read: async (datasetId, name, { from, bytes }) => find(datasetId, name).slice(from, from + bytes),
      size: async (datasetId, name) => find(datasetId, name).length,
      list: async (datasetId, prefix) =>
        [...stored.keys()]
          .filter((key) => key.startsWith(keyOf(datasetId, prefix)))
          .map((key) => key.slice(keyOf(datasetId, '').length)),
      async remove(datasetId, names) {
        for (const name of names) stored.delete(keyOf(datasetId, name));
      },
      presignDownload: async (datasetId, name, { fileName, seconds }) =>
        `https://objects.test/${keyOf(datasetId, name)}?as=${fileName}&for=${seconds}`,
    };
  };
  const textOf = (tenantId: string, datasetId: string, name: string) =>
    new TextDecoder().decode(stored.get(`${tenantId}/${datasetId}/${name}`));
  return { of, stored, textOf };
};
